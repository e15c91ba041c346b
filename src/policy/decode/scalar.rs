//! Values that are written as one text.

use std::fmt;
use std::rc::Rc;

use serde_json::Value as Json;

use super::mismatch;
use super::text;
use crate::policy::problem::Problems;
use crate::policy::yaml::Node;
use crate::policy::yaml::Value;

/// A value that is written as one text.
pub(crate) trait Scalar: Sized {
    /// The kind of value, with its article: `a duration`.
    const WHAT: &'static str;
    /// An example: `` `7d`, `24h` or `1h30m` ``; empty if [`Scalar::example`] gives it.
    const EXAMPLE: &'static str = "";

    /// An example of the value.
    fn example() -> String {
        Self::EXAMPLE.to_owned()
    }

    /// The value that `text` stands for.
    fn parse(text: &str) -> Result<Self, Fault>;

    /// The schema of the texts that it accepts.
    fn schema() -> Json;
}

/// An error in a text, and the help.
#[derive(Debug)]
pub(crate) struct Fault {
    message: String,
    help: String,
}

impl Fault {
    /// The error and the help, in one line.
    pub(crate) fn in_one_line(&self) -> String {
        format!("{}; {}", self.message, self.help)
    }

    pub(crate) fn new(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { message: message.into(), help: help.into() }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} / {}", self.message, self.help)
    }
}

/// Reads a [`Scalar`], however it is quoted.
pub(crate) fn decode_scalar<T: Scalar>(node: &Rc<Node>, problems: &mut Problems) -> Option<T> {
    let help = || format!("write it as {}", T::example());
    let Value::Scalar(scalar) = &node.value else {
        return mismatch(node, T::WHAT, &help(), problems);
    };
    if node.value.is_nothing() {
        return mismatch(node, T::WHAT, &help(), problems);
    }
    match T::parse(&scalar.text) {
        // A scalar that other YAML readers take for a number is text only in quotes.
        Ok(value) => text::scalar(node, T::WHAT, problems).map(|_| value),
        Err(Fault { message, help }) => {
            problems.error(node.position, message, help);
            None
        }
    }
}

/// The schema of a [`Scalar`], with the message that editors show for a wrong text: otherwise they
/// show the regular expression.
pub(crate) fn told_schema<T: Scalar>() -> Json {
    fn tell(schema: &mut Json, message: &str) {
        match schema {
            Json::Object(keys) => {
                keys.values_mut().for_each(|below| tell(below, message));
                if keys.contains_key("pattern") {
                    keys.entry("patternErrorMessage").or_insert_with(|| message.into());
                }
            }
            Json::Array(items) => items.iter_mut().for_each(|item| tell(item, message)),
            Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => {}
        }
    }
    let mut schema = T::schema();
    tell(&mut schema, &format!("This is not {}. Write it as {}.", T::WHAT, T::example()));
    schema
}

/// Makes types that are a [`Scalar`] readable.
macro_rules! scalars {
    ($($type:ty),+ $(,)?) => {$(
        impl $crate::policy::decode::Decode for $type {
            fn decode(
                node: &std::rc::Rc<$crate::policy::yaml::Node>,
                problems: &mut $crate::policy::problem::Problems,
            ) -> Option<Self> {
                $crate::policy::decode::decode_scalar(node, problems)
            }

            fn schema(_: &mut $crate::policy::decode::Definitions) -> serde_json::Value {
                $crate::policy::decode::told_schema::<Self>()
            }
        }
    )+};
}

pub(crate) use scalars;
