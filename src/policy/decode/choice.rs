//! Decodes a value that is one of a few words.

use super::Fault;
use super::suggestion;
use crate::model::Word;
use crate::policy::yaml::quoted;

/// The words of a type.
pub(crate) fn words<T: Word>() -> Vec<&'static str> {
    T::all().map(T::word).collect()
}

/// Parses a word. The error says that the text is not `what`.
pub(crate) fn chosen<T: Word>(text: &str, what: &str) -> Result<T, Fault> {
    T::all().find(|it| it.word() == text).ok_or_else(|| {
        let message = format!("{} is not {what}", quoted(text));
        Fault::new(message, suggestion(text, &words::<T>(), ""))
    })
}

/// Makes each [`Word`] readable, and gives it a description: `choices! { Mode: "a mode", }`.
macro_rules! choices {
    ($($type:ty: $what:literal,)+) => {$(
        impl $crate::policy::decode::Scalar for $type {
            const WHAT: &'static str = $what;

            fn example() -> String {
                let words = $crate::policy::decode::words::<Self>();
                words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
            }

            fn parse(text: &str) -> Result<Self, $crate::policy::decode::Fault> {
                $crate::policy::decode::chosen(text, $what)
            }

            fn schema() -> serde_json::Value {
                serde_json::json!({"enum": $crate::policy::decode::words::<Self>()})
            }
        }

        $crate::policy::decode::scalars!($type);
    )+};
}

pub(crate) use choices;
