//! The meaning of a list's columns, as a caller gives it with flags, or a profile does.

use std::str::FromStr;

use crate::cli::rows::columns::Field;
use crate::cli::rows::meaning::Meaning;
use crate::cli::rows::meaning::meanings;
use crate::cli::rows::says::Says;
use crate::cli::rows::times::Times;
use crate::cli::rows::words;

/// A caller's name for a column's field, such as `E-Mail-ID=customer_id` or
/// `"News, offers"=opt_out:topic=news`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Renamed {
    pub(crate) column: String,
    pub(crate) field: String,
}

/// The value of one `--map`: columns between commas. A name with a comma stands in quotes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mapping(pub(crate) Vec<Renamed>);

impl FromStr for Mapping {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parts = split(text).filter(|part| !part.trim().is_empty());
        parts.map(|part| part.parse()).collect::<Result<_, _>>().map(Self)
    }
}

impl FromStr for Renamed {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let (column, field) = match text.strip_prefix('"') {
            Some(rest) => {
                let (name, rest) = quoted(rest).ok_or("a quote is open: write \"NAME\"=FIELD")?;
                (name, rest.trim_start().strip_prefix('=').ok_or("write \"NAME\"=FIELD")?)
            }
            None => {
                let says = ["=opt_out:", "=consent:", "=event:"];
                let at = says.iter().filter_map(|it| text.find(it)).min();
                let at = at.or_else(|| text.rfind('=')).ok_or("write COLUMN=FIELD")?;
                let (column, field) = text.split_at(at);
                (column.trim().to_owned(), field.strip_prefix('=').unwrap_or_default())
            }
        };
        let field = field.trim().to_owned();
        // A field for wishes must be valid; the list of other fields is shown with the header.
        if field.contains(':') && !field.starts_with("attributes.") {
            meanings(&field)?;
        }
        Ok(Self { column, field })
    }
}

/// Splits at commas outside of quotes.
pub(super) fn split(text: &str) -> impl Iterator<Item = &str> {
    let mut quoted = false;
    text.split(move |c| {
        quoted ^= c == '"';
        c == ',' && !quoted
    })
}

/// A quoted name, without its first quote, and what stands behind it. A doubled quote is one.
pub(super) fn quoted(text: &str) -> Option<(String, &str)> {
    let mut name = String::new();
    let mut rest = text;
    loop {
        let (before, behind) = rest.split_once('"')?;
        name.push_str(before);
        match behind.strip_prefix('"') {
            Some(behind) => {
                name.push('"');
                rest = behind;
            }
            None => return Some((name, behind)),
        }
    }
}

/// The treatment of columns that are not mentioned.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) enum Others {
    /// They hold the field of their name, or are a mistake.
    #[default]
    Named,
    /// They are passed over.
    Ignored,
    /// Their words stand for something.
    Say(Says),
}

/// The column with a row's channel: `{channel}` in the meaning of its words.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct ChannelColumn {
    pub(super) column: String,
    /// The channels of words. The words are as `words::plain` writes them.
    pub(super) words: Vec<(String, String)>,
    pub(super) others: String,
}

impl ChannelColumn {
    /// The channel that a word stands for.
    pub(super) fn named(&self, word: Option<&str>) -> &str {
        let word = words::plain(word.unwrap_or_default());
        let found = self.words.iter().find(|(known, _)| *known == word);
        found.map_or(&self.others, |(_, channel)| channel)
    }
}

/// The meaning of a list's columns.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Plan {
    /// The columns that may name the customer, the best first; without any, as their names say.
    pub(super) ids: Vec<String>,
    /// The fields of columns, from the caller.
    pub(super) mapped: Vec<Renamed>,
    /// The fields of columns, from a profile.
    pub(super) columns: Vec<(String, Field)>,
    pub(super) others: Others,
    pub(super) channel: Option<ChannelColumn>,
    /// The meanings of every row.
    pub(super) each: Vec<Meaning>,
    pub(super) times: Times,
    /// Whether rows without a statement are passed over: a provider's export has rows for all
    /// recipients.
    pub(super) passes_over: bool,
}

impl Plan {
    /// Whether any meaning was given, so that JSON is read by the names of its fields.
    pub(super) fn says_something(&self) -> bool {
        *self != Self { times: self.times.clone(), ..Self::default() }
    }

    /// The field of a column in the profile, by its name or by its beginning, such as
    /// `Opted out of: *`.
    pub(super) fn of(&self, name: &str) -> Option<Field> {
        let same = |known: &str| known.trim().eq_ignore_ascii_case(name.trim());
        if let Some((_, field)) = self.columns.iter().find(|(known, _)| same(known)) {
            return Some(field.clone());
        }
        self.columns.iter().find_map(|(known, field)| {
            let rest = name.strip_prefix(known.strip_suffix('*')?)?;
            Some(if let Field::Says(says) = field {
                Field::Says(Box::new(says.of_column(rest)))
            } else {
                field.clone()
            })
        })
    }

    /// Adds the caller's flags, which override the profile.
    pub(crate) fn told(mut self, told: Told) -> Self {
        if !told.ids.is_empty() {
            self.ids = told.ids;
        }
        self.mapped = told.mapped;
        if told.ignore_others {
            self.others = Others::Ignored;
        }
        if !told.each.is_empty() {
            self.each = told.each;
        }
        if told.times.zone.is_some() {
            self.times.zone = told.times.zone;
        }
        if !told.times.formats.is_empty() {
            self.times.formats = told.times.formats;
        }
        self
    }
}

/// The flags of a caller.
#[derive(Clone, Debug, Default)]
pub(crate) struct Told {
    pub(crate) ids: Vec<String>,
    pub(crate) mapped: Vec<Renamed>,
    pub(crate) ignore_others: bool,
    pub(crate) each: Vec<Meaning>,
    pub(crate) times: Times,
}

/// Parses the short form of a field for wishes, such as `opt_out:channel=email`.
pub(super) fn says(text: &str) -> Option<Result<Says, String>> {
    let said = ["opt_out:", "consent:", "event:"].iter().any(|it| text.starts_with(it));
    said.then(|| meanings(text).map(Says::truth))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mapping_may_quote_commas_and_name_scopes() {
        let of = |text: &str| {
            let mapping: Result<Mapping, String> = text.parse();
            mapping.map(|Mapping(all)| {
                all.into_iter().map(|it| (it.column, it.field)).collect::<Vec<_>>()
            })
        };
        let pair = |column: &str, field: &str| (column.to_owned(), field.to_owned());
        assert_eq!(of("a=b,c=-"), Ok(vec![pair("a", "b"), pair("c", "-")]));
        assert_eq!(of("E-Mail=ID=customer_id"), Ok(vec![pair("E-Mail=ID", "customer_id")]));
        assert_eq!(
            of(r#""News, ""and"" more"=opt_out:channel=email;topic=news, x = - "#),
            Ok(vec![
                pair("News, \"and\" more", "opt_out:channel=email;topic=news"),
                pair("x", "-")
            ])
        );
        assert_eq!(
            of("Opted out=opt_out:channel=email"),
            Ok(vec![pair("Opted out", "opt_out:channel=email")])
        );
        assert!(of("\"a=b").is_err() && of("a").is_err() && of("a=opt_out:chanel=email").is_err());
    }
}
