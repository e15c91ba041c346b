//! The violations in a request: every field that breaks a bound, by its path.

use std::fmt;

use tonic::Status;
use tonic_types::FieldViolation;

use crate::engine::Undeclared;
use crate::model::Name;
use crate::model::Scope;
use crate::model::customer_id::Spelling;
use crate::model::hidden::is_bidirectional;
use crate::policy::Policy;
use crate::proto::v1::ErrorReason;
use crate::rpc::status;

/// The place of a message in a request: `reservations[3].contact`.
#[derive(Clone, Copy, Debug, Default)]
pub struct Path {
    list: Option<(&'static str, usize)>,
    message: &'static str,
}

impl Path {
    /// The request itself.
    pub const ROOT: Self = Self { list: None, message: "" };

    /// A message of the request.
    #[must_use]
    pub const fn of(message: &'static str) -> Self {
        Self { list: None, message }
    }

    /// An element of a list of the request.
    #[must_use]
    pub const fn item(list: &'static str, position: usize) -> Self {
        Self { list: Some((list, position)), message: "" }
    }

    /// The field of the message.
    pub(super) const fn message(self) -> &'static str {
        self.message
    }

    pub(super) const fn parent(self) -> Self {
        Self { message: "", ..self }
    }

    /// The path of a message within the same element.
    #[must_use]
    pub const fn with(self, message: &'static str) -> Self {
        Self { message, ..self }
    }
}

impl fmt::Display for Path {
    /// Writes the path with a dot at the end, unless it is empty.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some((list, position)) = self.list {
            write!(f, "{list}[{position}].")?;
        }
        if self.message.is_empty() { Ok(()) } else { write!(f, "{}.", self.message) }
    }
}

/// The violation of a text that would be shown in another order than it is written.
const BIDIRECTIONAL: &str = "must not contain characters that change the direction of writing";

/// The violations that were found so far.
#[derive(Debug, Default)]
pub struct Violations {
    broken: Vec<FieldViolation>,
    undeclared: Vec<FieldViolation>,
    spelling: Spelling,
}

impl Violations {
    /// An empty list, for a request to a store with this spelling rule.
    #[must_use]
    pub fn with(spelling: Spelling) -> Self {
        Self { spelling, ..Self::default() }
    }

    /// The spelling rule for customers' ids.
    pub(super) const fn spelling(&self) -> Spelling {
        self.spelling
    }

    /// Notes that a field breaks a bound.
    pub fn add(&mut self, path: Path, field: &str, description: impl Into<String>) {
        let field = format!("{path}{field}");
        self.broken.push(FieldViolation::new(field, description));
    }

    /// Notes that a field names what the policy does not declare.
    pub fn add_undeclared(&mut self, path: Path, undeclared: &Undeclared) {
        let field = match undeclared.what {
            "occasion" => "occasions",
            what => what,
        };
        self.add_undeclared_as(path, field, undeclared);
    }

    /// Adds an undeclared name in a field that has another name.
    pub fn add_undeclared_as(&mut self, path: Path, field: &str, undeclared: &Undeclared) {
        self.undeclared.push(FieldViolation::new(format!("{path}{field}"), undeclared.to_string()));
    }

    /// Notes what a scope's parts name that the policy does not declare, by their own fields.
    pub fn declared(&mut self, path: Path, scope: &Scope, policy: &Policy) {
        for undeclared in Undeclared::in_scope(policy, scope) {
            self.add_undeclared_as(path, undeclared.what, &undeclared);
        }
    }

    /// The value, if nothing was noted.
    ///
    /// # Errors
    /// `INVALID_ARGUMENT` with everything that was noted.
    pub fn finish<T>(self, value: Option<T>) -> Result<T, Status> {
        let (value, undeclared) = self.finish_bounds(value)?;
        if undeclared.is_empty() {
            Ok(value)
        } else {
            Err(status::invalid(ErrorReason::UndeclaredName, undeclared))
        }
    }

    /// The value if no bound is broken, and the names that the policy does not declare. They can
    /// wait: a repeated request gets its first answer, whatever the policy declares by now.
    ///
    /// # Errors
    /// `INVALID_ARGUMENT` with everything that was noted.
    pub fn finish_bounds<T>(
        mut self,
        value: Option<T>,
    ) -> Result<(T, Vec<FieldViolation>), Status> {
        match value {
            Some(value) if self.broken.is_empty() => Ok((value, self.undeclared)),
            Some(_) | None => {
                self.broken.append(&mut self.undeclared);
                Err(status::invalid(ErrorReason::InvalidRequest, self.broken))
            }
        }
    }

    /// All violations.
    #[must_use]
    pub fn into_fields(mut self) -> Vec<FieldViolation> {
        self.broken.append(&mut self.undeclared);
        self.broken
    }

    /// A name that must be there.
    pub fn name(&mut self, path: Path, field: &str, text: &str) -> Option<Name> {
        if text.chars().any(is_bidirectional) {
            self.add(path, field, BIDIRECTIONAL);
            return None;
        }
        Name::new(text).map_err(|error| self.add(path, field, error.to_string())).ok()
    }

    /// A name that may be missing.
    pub fn optional(&mut self, path: Path, field: &str, text: Option<&str>) -> Option<Name> {
        text.and_then(|text| self.name(path, field, text))
    }

    /// A list of at most `most` names.
    pub fn names(&mut self, path: Path, field: &str, texts: &[String], most: usize) -> Vec<Name> {
        self.at_most(path, field, texts.len(), most);
        let texts = texts.iter().take(most).enumerate();
        texts.filter_map(|(i, text)| self.name(path, &format!("{field}[{i}]"), text)).collect()
    }

    /// A text of 1 to `most` bytes without control characters.
    pub fn text(&mut self, path: Path, field: &str, text: &str, most: usize) -> Option<Box<str>> {
        let problem = if text.is_empty() {
            "must not be empty".to_owned()
        } else if text.len() > most {
            format!("has at most {most} bytes, this one has {}", text.len())
        } else if text.chars().any(char::is_control) {
            "must not contain control characters".to_owned()
        } else if text.chars().any(is_bidirectional) {
            BIDIRECTIONAL.to_owned()
        } else {
            return Some(Box::from(text));
        };
        self.add(path, field, problem);
        None
    }

    /// Reads a text that may be missing.
    pub fn optional_text(
        &mut self,
        path: Path,
        field: &str,
        text: Option<&str>,
        most: usize,
    ) -> Option<Box<str>> {
        self.text(path, field, text?, most)
    }

    /// Notes that a list is too long.
    pub fn at_most(&mut self, path: Path, field: &str, count: usize, most: usize) {
        if count > most {
            self.add(path, field, format!("has at most {most} elements, this one has {count}"));
        }
    }

    /// A message that must be there.
    pub fn required<T>(&mut self, path: Path, field: &str, message: Option<T>) -> Option<T> {
        if message.is_none() {
            self.add(path, field, "must be set");
        }
        message
    }
}
