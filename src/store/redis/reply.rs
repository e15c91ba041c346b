//! The refusals of a server. After each of them nothing was changed.

use redis::ServerError;
use redis::Value;

use super::address::Host;
use super::read::is_of_type;

/// The reason why a server refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// Another server has the key.
    Redirected(Redirect),
    /// The server may obey in a moment.
    NotReady(String),
    /// The server follows another one, which may by now be at its address.
    Demoted(String),
    /// The server has forgotten the script.
    ScriptUnknown,
    /// The server will not obey: the code of its error, and the text.
    Final(String, String),
}

/// The place of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Redirect {
    pub(super) to: Host,
    /// Whether the redirection is only for this one command.
    pub(super) asking: bool,
}

impl Refusal {
    /// The refusal in a reply of `host`; `None` if it is not one.
    pub(super) fn of(reply: &Value, host: &Host) -> Option<Self> {
        let Value::ServerError(error) = reply else { return None };
        let code = error.code();
        Some(match code {
            "MOVED" | "ASK" => match redirected(error, host) {
                Some(to) => Self::Redirected(Redirect { to, asking: code == "ASK" }),
                None => Self::Final(code.to_owned(), say(error)),
            },
            "TRYAGAIN" | "LOADING" | "CLUSTERDOWN" | "MASTERDOWN" | "BUSY" => {
                Self::NotReady(say(error))
            }
            "READONLY" => Self::Demoted(say(error)),
            "NOSCRIPT" => Self::ScriptUnknown,
            // The error is about the value of the key: the server has done what it was asked.
            code if is_of_type(code) => return None,
            _ => Self::Final(code.to_owned(), say(error)),
        })
    }
}

/// Whether an error is about our user or its permissions, and lasts until an operator changes that.
pub(super) fn is_forbidden(code: &str) -> bool {
    matches!(code, "NOAUTH" | "WRONGPASS" | "NOPERM")
}

fn redirected(error: &ServerError, host: &Host) -> Option<Host> {
    let (_slot, to) = error.details()?.split_once(' ')?;
    let (name, port) = to.trim().rsplit_once(':')?;
    let name = if name.is_empty() { host.name.clone() } else { name.to_owned() };
    Some(Host { name, port: port.parse().ok()? })
}

/// An error for people, with advice for those that operators can mend.
pub(super) fn say(error: &ServerError) -> String {
    let said = format!("{} {}", error.code(), error.details().unwrap_or_default());
    let advice = match error.code() {
        "OOM" => "; its memory is full: raise `maxmemory` or add shards",
        "MISCONF" => "; it cannot write to its disk: see its log, and free space",
        "NOREPLICAS" => "; too few of its replicas are connected",
        "NOAUTH" | "WRONGPASS" => "; see --redis-user and --redis-password-file",
        "READONLY" => "; it has become a replica: another server is the primary",
        "NOPERM" => "; the user lacks a permission: docs/redis.md has the line that grants all",
        _ => "",
    };
    said.trim().to_owned() + advice
}
