//! The operator's file: where events go, and with which secrets they are signed.

use std::collections::BTreeSet;
use std::net::IpAddr;
use std::path::Path;
use std::path::PathBuf;

use http::Uri;
use serde::Deserialize;

use super::sign::Key;
use crate::model::Name;
use crate::model::agenda::Topic;
use crate::model::word::words;

/// The most webhooks of a file: each is followed on its own.
const WEBHOOKS_MAX: usize = 64;

/// The reason why a file of webhooks does not load.
#[derive(Debug, thiserror::Error)]
#[error("the webhooks in `{path}` are wrong: {why}")]
pub struct Wrong {
    path: String,
    why: String,
}

/// All webhooks.
#[derive(Clone, Debug, Default)]
pub struct Webhooks {
    /// Each, in the order of the file.
    pub all: Vec<Webhook>,
    /// The files that it was made of.
    pub files: Vec<PathBuf>,
}

/// A receiver of events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Webhook {
    /// Its name, by which its progress is found.
    pub name: Name,
    /// The address, `https`, or `http` to this machine.
    pub url: Uri,
    /// Signs what is sent: with each of them while a secret is exchanged.
    pub keys: Vec<Key>,
    /// The tenants whose events it gets; `None` for all tenants.
    pub tenants: Option<BTreeSet<Name>>,
    /// The kinds of events that it gets; all if empty.
    pub kinds: BTreeSet<Kind>,
}

words! {
    /// The kind of an event's subject.
    #[derive(Deserialize)]
    #[serde(rename_all = "snake_case")]
    pub enum Kind {
        /// The customers' wishes, and erasures.
        Wishes,
        /// The pauses of operators.
        Pauses,
        /// Revisions of the policy.
        Policy,
        /// Answers to customers that are late.
        OverdueReplies,
        /// Messages that a human has to look at.
        UnclearMessages,
    }
}

impl Kind {
    /// The type of its events.
    #[must_use]
    pub const fn event_type(self) -> &'static str {
        match self {
            Self::Wishes => "courtesy.wishes.v1",
            Self::Pauses => "courtesy.pauses.v1",
            Self::Policy => "courtesy.policy.v1",
            Self::OverdueReplies => "courtesy.overdue_replies.v1",
            Self::UnclearMessages => "courtesy.unclear_messages.v1",
        }
    }

    /// The kind of a change, for webhooks.
    #[must_use]
    pub const fn of(topic: Topic) -> Self {
        match topic {
            Topic::Wishes => Self::Wishes,
            Topic::Unclear => Self::UnclearMessages,
            Topic::Overdue => Self::OverdueReplies,
            Topic::Pauses => Self::Pauses,
            Topic::Policy => Self::Policy,
        }
    }
}

/// The file as it is written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default, rename = "webhook")]
    webhooks: Vec<WebhookEntry>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct WebhookEntry {
    name: String,
    url: String,
    secret_file: PathBuf,
    tenants: Option<Vec<String>>,
    kinds: Option<Vec<Kind>>,
}

impl Webhooks {
    /// Loads the file, and the secrets that it names.
    ///
    /// # Errors
    /// If anything in it is wrong: then none of it holds.
    pub fn load(path: &Path) -> Result<Self, Wrong> {
        let wrong = |why: String| Wrong { path: path.display().to_string(), why };
        let text = std::fs::read_to_string(path).map_err(|error| wrong(error.to_string()))?;
        let file: File = toml::from_str(&text).map_err(|error| wrong(error.to_string()))?;
        if file.webhooks.len() > WEBHOOKS_MAX {
            return Err(wrong(format!("there are at most {WEBHOOKS_MAX} webhooks")));
        }
        let mut webhooks = Self { all: Vec::new(), files: vec![path.to_owned()] };
        for entry in file.webhooks {
            let secret = path.parent().unwrap_or_else(|| Path::new("")).join(&entry.secret_file);
            let name = entry.name.clone();
            let webhook = entry.read(&secret).map_err(|why| wrong(format!("`{name}`: {why}")))?;
            if webhooks.all.iter().any(|known| known.name == webhook.name) {
                return Err(wrong(format!("two are called `{name}`")));
            }
            webhooks.all.push(webhook);
            webhooks.files.push(secret);
        }
        Ok(webhooks)
    }
}

impl Webhook {
    /// Whether it gets the events of a tenant.
    #[must_use]
    pub fn hears_of(&self, tenant: &Name) -> bool {
        self.tenants.as_ref().is_none_or(|tenants| tenants.contains(tenant))
    }
}

impl WebhookEntry {
    fn read(self, secret: &Path) -> Result<Webhook, String> {
        let name = Name::new(&self.name).map_err(|error| format!("the name is wrong: {error}"))?;
        let tenants = self.tenants.map(|tenants| {
            let tenants = tenants.iter().map(|it| Name::new(it).map_err(|error| error.to_string()));
            tenants.collect::<Result<BTreeSet<Name>, String>>()
        });
        Ok(Webhook {
            name,
            url: address(&self.url)?,
            keys: Key::read(secret)?,
            tenants: tenants.transpose()?.filter(|it| !it.iter().any(|it| it.as_str() == "*")),
            kinds: self.kinds.map_or_else(|| Kind::ALL.into(), |it| it.into_iter().collect()),
        })
    }
}

/// An address to which customers' data may go: encrypted, or to this machine.
fn address(text: &str) -> Result<Uri, String> {
    let url: Uri = text.parse().map_err(|error| format!("`url` is not an address: {error}"))?;
    let host = url.host().unwrap_or_default();
    if url.authority().is_some_and(|it| it.as_str().contains('@')) {
        return Err("`url` holds a name or a password; calls are signed instead".to_owned());
    }
    match url.scheme_str() {
        Some("https") if !host.is_empty() => Ok(url),
        Some("http") if is_loopback(host) => Ok(url),
        _ => Err(
            "`url` must begin with https://, or with http:// and lead to this machine, such as \
                  http://127.0.0.1:8080/"
                .to_owned(),
        ),
    }
}

fn is_loopback(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || bare.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_go_out_encrypted_or_stay_on_this_machine() {
        for good in [
            "https://crm.example/a?b=c",
            "http://127.0.0.1:9/",
            "http://[::1]:9/x",
            "http://localhost/",
        ] {
            assert!(address(good).is_ok(), "{good}");
        }
        for bad in [
            "http://crm.example/",
            "http://10.0.0.1/",
            "http://localhost.example/",
            "https://user:word@crm.example/",
            "ftp://127.0.0.1/",
            "crm.example",
            "/hooks",
            "",
        ] {
            assert!(address(bad).is_err(), "{bad}");
        }
    }
}
