//! The identity of a request.

use std::hash::Hasher;

use prost::Message;
use siphasher::sip::SipHasher24;

use super::violations::Path;
use super::violations::Violations;
use crate::model::contact::PRIORITY_DEFAULT;
use crate::model::customer_id::CustomerId;
use crate::model::customer_id::Spelling;
use crate::model::request::REQUEST_ID_BYTES_MAX;
use crate::operation::RequestKey;
use crate::proto::v1;

/// A request that is remembered by its id.
pub trait Repeatable: Message + Clone {
    /// The name of its RPC: requests of different RPCs are different, whatever they say.
    const RPC: &'static str;

    /// Clears what does not change the request's meaning: who asks, its id, and how much the answer
    /// tells. White space around a customer's id changes it as little, and so may case.
    fn strip(&mut self, spelling: Spelling);
}

macro_rules! repeatable {
    ($($request:ident of $($holder:ident).+ clears $($field:ident),+;)+) => {
        $(impl Repeatable for v1::$request {
            const RPC: &'static str = stringify!($request);

            fn strip(&mut self, spelling: Spelling) {
                $(self.$field = Default::default();)+
                repeatable!(@keep self, spelling, $($holder).+);
            }
        })+
    };
    (@keep $request:expr, $spelling:ident, customer_id) => {
        keep(&mut $request.customer_id, $spelling);
    };
    (@keep $request:expr, $spelling:ident, candidates.contact.customer_id) => {
        for contact in $request.candidates.iter_mut().filter_map(|it| it.contact.as_mut()) {
            keep(&mut contact.customer_id, $spelling);
        }
    };
    (@keep $request:expr, $spelling:ident, $holder:ident.customer_id) => {
        if let Some(holder) = &mut $request.$holder {
            keep(&mut holder.customer_id, $spelling);
        }
    };
}

/// Replaces a customer's id by the one that is kept.
fn keep(id: &mut String, spelling: Spelling) {
    let kept = spelling.kept(id);
    if *kept != **id {
        *id = kept.into_owned();
    }
}

repeatable! {
    ReserveContactRequest of contact.customer_id clears tenant, request_id, detail;
    RecordContactRequest of contact.customer_id clears tenant, request_id;
    ChooseContactRequest of candidates.contact.customer_id clears tenant, request_id;
    RecordEngagementRequest of customer_id clears tenant, request_id;
    HandleInboundMessageRequest of customer_id clears tenant, request_id;
    MarkAnsweredRequest of customer_id clears tenant, request_id;
    ResolveUnclearMessageRequest of customer_id clears tenant, request_id, author;
    OptOutRequest of customer_id clears tenant, request_id;
    OptInRequest of customer_id clears tenant, request_id;
    SuppressCustomerRequest of customer_id clears tenant, request_id;
    UnsuppressCustomerRequest of customer_id clears tenant, request_id;
    UpdateCustomerRequest of customer.customer_id clears tenant, request_id;
    EraseCustomerRequest of customer_id clears tenant, request_id;
    SetPreferencesRequest of customer_id clears tenant, request_id;
}

impl Violations {
    /// The key of a request with an id.
    pub fn request_key<R: Repeatable>(
        &mut self,
        path: Path,
        id: &str,
        request: &R,
    ) -> Option<RequestKey> {
        let id = self.request_id(path, "request_id", id)?;
        let body = digest(request, self.spelling());
        let mut earlier = Vec::new();
        for spelling in [Spelling::AsSent, Spelling::Exact] {
            let other = digest(request, spelling);
            if other != body && !earlier.contains(&other) {
                earlier.push(other);
            }
        }
        Some(RequestKey { id, body, earlier })
    }

    /// The id of a request.
    pub fn request_id(&mut self, path: Path, field: &str, id: &str) -> Option<Box<str>> {
        self.text(path, field, id, REQUEST_ID_BYTES_MAX)
    }
}

/// A hash of a request's content. It is stored, so it must never change.
fn digest<R: Repeatable>(request: &R, spelling: Spelling) -> u64 {
    let mut stripped = request.clone();
    stripped.strip(spelling);
    hash(R::RPC, &stripped)
}

/// A hash of all that a caller says about a contact with a customer. It is stored, so it must never
/// change. A priority that is left out counts as the default one.
#[must_use]
pub fn contact_digest(contact: Option<&v1::Contact>, customer_id: &str) -> u64 {
    let mut contact = contact.cloned().unwrap_or_default();
    customer_id.clone_into(&mut contact.customer_id);
    contact.priority.get_or_insert_with(|| u32::from(PRIORITY_DEFAULT));
    hash("Contact", &contact)
}

/// The hash of a contact under each spelling of the customer's id under which it may be stored.
#[must_use]
pub fn contact_digests(contact: Option<&v1::Contact>, customer_id: &CustomerId) -> Vec<u64> {
    let spellings =
        std::iter::once(&**customer_id).chain(customer_id.others().iter().map(|it| &**it));
    spellings.map(|id| contact_digest(contact, id)).collect()
}

fn hash(kind: &str, message: &impl Message) -> u64 {
    let mut hasher = SipHasher24::new_with_keys(0x636f_7572_7465_7379, 0x7265_7175_6573_7431);
    hasher.write(kind.as_bytes());
    hasher.write(&message.encode_to_vec());
    hasher.finish()
}
