//! The file of a profile.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::Serialize;
use serde_json::Map;
use serde_json::Value;

use crate::cli::Error;
use crate::cli::rows::columns::Field;
use crate::cli::rows::columns::field;
use crate::cli::rows::meaning::Meaning;
use crate::cli::rows::meaning::meanings;
use crate::cli::rows::plan::ChannelColumn;
use crate::cli::rows::plan::Others;
use crate::cli::rows::plan::Plan;
use crate::cli::rows::says::Says;
use crate::cli::rows::times::Times;
use crate::cli::rows::words;
use crate::policy::Problems;
use crate::policy::Source;
use crate::policy::yaml;

/// A provider's exports.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Profile {
    /// The name for `--as`.
    pub(crate) name: String,
    /// The name for people.
    pub(crate) title: String,
    /// The pages on which the provider describes its columns.
    pub(crate) source: Vec<String>,
    /// The parts that have not been seen in an export.
    #[serde(default)]
    pub(crate) unverified: Vec<String>,
    pub(crate) exports: Vec<Export>,
}

/// One kind of export.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Export {
    /// The name for `--as`, after the provider and a slash.
    pub(crate) name: String,
    /// The meaning of its rows, in words.
    pub(crate) about: String,
    /// The columns by which it is recognised.
    pub(crate) recognise: Vec<String>,
    /// Words in the names of its files, which distinguish it from others with equal columns.
    #[serde(default)]
    pub(crate) file: Vec<String>,
    /// The columns that may name the customer, the best first.
    id: Vec<String>,
    /// The meanings of every row.
    #[serde(default)]
    each: Vec<String>,
    /// The meanings of columns: a field as `--map` names it, or the meanings of their words.
    #[serde(default)]
    columns: Map<String, Value>,
    /// The meaning of a yes in any other column; without it, other columns are passed over.
    #[serde(default)]
    other_columns: Option<String>,
    /// The column with a row's channel: `{channel}` in the meaning of its words.
    #[serde(default)]
    channel: Option<Channel>,
    /// `no` where `--as auto` must not take a list for it: others have such columns too.
    #[serde(default)]
    auto: Option<String>,
    /// The zone of times that name none.
    #[serde(default)]
    time_zone: Option<String>,
    #[serde(default)]
    time_formats: Vec<String>,
}

/// The column that names the channel of a row.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Channel {
    column: String,
    words: BTreeMap<String, String>,
    others: String,
}

/// The meanings of a column's words.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    #[serde(default)]
    words: Map<String, Value>,
    #[serde(default)]
    yes: Option<Value>,
    #[serde(default)]
    no: Option<Value>,
    #[serde(default)]
    others: Option<Value>,
    #[serde(default)]
    time: Option<String>,
    #[serde(default)]
    consent_time: Option<String>,
}

impl Profile {
    /// Reads the file of a profile.
    pub(super) fn read(name: &str, text: &str) -> Result<Self, Error> {
        let mut problems = Problems::default();
        let node = yaml::read(&Source::new(name, text), &mut problems);
        let Some(node) = node else { return Err(Error::Input(problems.to_string())) };
        let wrong = |what: String| Error::Input(format!("the profile `{name}`: {what}"));
        let profile: Self =
            serde_json::from_value(json(&node.value)).map_err(|error| wrong(error.to_string()))?;
        if profile.exports.is_empty() {
            return Err(wrong("there is no export in it".to_owned()));
        }
        for export in &profile.exports {
            let plan = export.plan(&profile.title);
            plan.map_err(|what| wrong(format!("{}: {what}", export.name)))?;
        }
        Ok(profile)
    }
}

impl Export {
    /// Whether its columns distinguish it from everything else.
    pub(super) fn is_unmistakable(&self) -> bool {
        self.auto.as_deref() != Some("no")
    }

    /// The plan for its columns. `title` is the provider's name, which becomes the proof.
    pub(super) fn plan(&self, title: &str) -> Result<Plan, String> {
        let each = self.each.iter().map(|text| meanings(text)).collect::<Result<Vec<_>, _>>()?;
        let columns = self.columns.iter().map(|(name, value)| {
            let held = held(value, title).map_err(|what| format!("{name}: {what}"))?;
            Ok((name.clone(), held))
        });
        let others = match &self.other_columns {
            None => Others::Ignored,
            Some(text) => Others::Say(Says::truth(meanings(text)?)),
        };
        let channel = self.channel.as_ref().map(|it| ChannelColumn {
            column: it.column.clone(),
            words: it.words.iter().map(|(word, name)| (words::plain(word), name.clone())).collect(),
            others: it.others.clone(),
        });
        let zone = self.time_zone.as_ref().map(|zone| zone.parse()).transpose()?;
        let formats = self.time_formats.iter().map(|format| format.parse());
        let formats = formats.collect::<Result<_, String>>()?;
        Ok(Plan {
            ids: self.id.clone(),
            mapped: Vec::new(),
            columns: columns.collect::<Result<_, String>>()?,
            others,
            channel,
            each: each.concat(),
            times: Times { zone, formats },
            passes_over: true,
        })
    }
}

/// The field of a column.
fn held(value: &Value, title: &str) -> Result<Field, String> {
    if let Value::String(name) = value {
        return field(name).ok_or_else(|| format!("there is no field `{name}`"));
    }
    let words: Words = serde_json::from_value(value.clone()).map_err(|error| error.to_string())?;
    let own = words.words.iter().map(|(word, said)| Ok((words::plain(word), all(said)?)));
    let said = |value: Option<&Value>| value.map(all).transpose();
    Ok(Field::Says(Box::new(Says {
        words: own.collect::<Result<_, String>>()?,
        yes: said(words.yes.as_ref())?,
        no: said(words.no.as_ref())?,
        others: said(words.others.as_ref())?,
        time: words.time,
        consent_time: words.consent_time,
        proof: Some(format!("{title} export")),
    })))
}

/// The meanings of a text, or of several.
fn all(value: &Value) -> Result<Vec<Meaning>, String> {
    match value {
        Value::String(text) => meanings(text),
        Value::Array(texts) => Ok(texts.iter().map(all).collect::<Result<Vec<_>, _>>()?.concat()),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => {
            Err("a meaning is a text, or a list of them".to_owned())
        }
    }
}

/// A tree of YAML as JSON: every scalar is the text that it is.
fn json(value: &yaml::Value) -> Value {
    match value {
        yaml::Value::Scalar(scalar) => Value::from(scalar.text.as_ref()),
        yaml::Value::List(nodes) => nodes.iter().map(|node| json(&node.value)).collect(),
        yaml::Value::Map(entries) => {
            let entries = entries.iter();
            entries.map(|entry| (entry.key.as_ref().to_owned(), json(&entry.node.value))).collect()
        }
    }
}
