//! One of a few words.

/// Makes an enum readable, whose values are written as these words.
macro_rules! choice {
    (
        $type:ty, $what:literal,
        $first:literal => $first_value:expr $(, $word:literal => $value:expr)* $(,)?
    ) => {
        impl $crate::policy::decode::Scalar for $type {
            const WHAT: &'static str = $what;
            const EXAMPLE: &'static str = concat!("`", $first, "`" $(, ", `", $word, "`")*);

            fn parse(text: &str) -> Result<Self, $crate::policy::decode::Fault> {
                match text {
                    $first => Ok($first_value),
                    $($word => Ok($value),)*
                    other => Err($crate::policy::decode::Fault::new(
                        format!("{} is not {}", $crate::policy::yaml::quoted(other), $what),
                        $crate::policy::decode::suggestion(other, &[$first $(, $word)*], ""),
                    )),
                }
            }

            fn schema() -> serde_json::Value {
                serde_json::json!({"enum": [$first $(, $word)*]})
            }
        }

        $crate::policy::decode::scalars!($type);
    };
}

pub(crate) use choice;
