//! Pages of long lists, and the tokens that say where the last one ended, and of whose list.

use std::hash::Hasher;

use siphasher::sip::SipHasher24;

use super::violations::Path;
use super::violations::Violations;
use crate::model::Instant;
use crate::model::Name;
use crate::store::Key;

/// The default number of elements on a page.
pub const PAGE_DEFAULT: u32 = 100;
/// The maximum number of elements on a page.
pub const PAGE_MAX: u32 = 1_000;

/// The lists that are paged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum List {
    /// Contacts on record.
    Contacts,
    /// The customer's statements about being contacted.
    ConsentEvents,
}

/// An element's place in a list that begins with the newest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The time of the element.
    pub at: Instant,
    /// The number of the element, at least among those of the same time.
    pub number: u32,
}

/// The page that is asked for.
#[derive(Clone, Debug)]
pub struct Page {
    list: List,
    key: Key,
    size: usize,
    after: Option<Place>,
}

impl Violations {
    /// A page of a list of a customer.
    pub fn page(&mut self, list: List, key: Key, size: Option<u32>, token: Option<&str>) -> Page {
        if size == Some(0) {
            self.add(Path::ROOT, "page_size", format!("must be from 1 to {PAGE_MAX}"));
        }
        let token = token.filter(|token| !token.is_empty());
        let after = token.map(|token| Place::parse(token, list, &key));
        if after == Some(None) {
            let problem = "is not one that an earlier page of this customer gave";
            self.add(Path::ROOT, "page_token", problem);
        }
        let size = usize::try_from(size.unwrap_or(PAGE_DEFAULT).min(PAGE_MAX)).unwrap_or_default();
        Page { list, key, size, after: after.flatten() }
    }
}

impl Violations {
    /// The number of elements on a page.
    pub fn page_size(&mut self, size: Option<u32>) -> usize {
        if size == Some(0) {
            self.add(Path::ROOT, "page_size", format!("must be from 1 to {PAGE_MAX}"));
        }
        usize::try_from(size.unwrap_or(PAGE_DEFAULT).min(PAGE_MAX)).unwrap_or_default()
    }

    /// The number with which a page begins, of a list that is counted down.
    pub fn page_number(&mut self, token: Option<&str>) -> Option<u64> {
        let token = token.filter(|token| !token.is_empty())?;
        let number = token.parse().ok().filter(|number| *number > 0);
        if number.is_none() {
            self.add(Path::ROOT, "page_token", "is not one that an earlier page gave");
        }
        number
    }

    /// The name behind which a page begins, of a list in order of name.
    pub fn page_name(&mut self, token: Option<&str>) -> Option<Name> {
        self.optional(Path::ROOT, "page_token", token.filter(|token| !token.is_empty()))
    }
}

/// A page of a list in order of name, and the token of the next, which is empty on the last one.
#[must_use]
pub fn by_name<T>(
    mut elements: Vec<T>,
    name: impl Fn(&T) -> &str,
    size: usize,
    after: Option<&Name>,
) -> (Vec<T>, String) {
    elements.retain(|it| after.is_none_or(|after| name(it) > after.as_str()));
    let last = elements.get(size.saturating_sub(1)).filter(|_| elements.len() > size);
    let token = last.map(|last| name(last).to_owned()).unwrap_or_default();
    elements.truncate(size);
    (elements, token)
}

impl Page {
    /// The elements of the page, the newest first, and the token of the next page, which is empty
    /// on the last one.
    #[must_use]
    pub fn take<T>(&self, mut elements: Vec<(Place, T)>) -> (Vec<T>, String) {
        elements.sort_by_key(|(place, _)| std::cmp::Reverse(*place));
        elements.retain(|(place, _)| self.after.is_none_or(|after| *place < after));
        let last = elements.get(self.size.saturating_sub(1)).map(|(place, _)| *place);
        let last = last.filter(|_| elements.len() > self.size);
        let token = last.map(|last| last.token(self.list, &self.key)).unwrap_or_default();
        (elements.into_iter().take(self.size).map(|(_, element)| element).collect(), token)
    }
}

impl Place {
    fn token(self, list: List, key: &Key) -> String {
        format!("{:016x}{:08x}{:016x}", self.at.millis(), self.number, self.seal(list, key))
    }

    /// Reads a token; `None` if it was not made for this list of this customer.
    fn parse(token: &str, list: List, key: &Key) -> Option<Self> {
        let (at, rest) = token.split_at_checked(16)?;
        let (number, _seal) = rest.split_at_checked(8)?;
        let millis = i64::from_str_radix(at, 16).ok()?;
        let number = u32::from_str_radix(number, 16).ok()?;
        let place = Self { at: Instant::from_millis(millis), number };
        (place.token(list, key) == token).then_some(place)
    }

    /// A seal against mistakes, not against attackers: a forged token shows nothing that its caller
    /// may not see.
    fn seal(self, list: List, key: &Key) -> u64 {
        let mut hasher = SipHasher24::new_with_keys(0x636f_7572_7465_7379, 0x7061_6765_746f_6b31);
        hasher.write_u8(match list {
            List::Contacts => 0,
            List::ConsentEvents => 1,
        });
        hasher.write(key.tenant.as_bytes());
        hasher.write_u8(0);
        hasher.write(key.id.as_bytes());
        hasher.write_i64(self.at.millis());
        hasher.write_u32(self.number);
        hasher.finish()
    }
}
