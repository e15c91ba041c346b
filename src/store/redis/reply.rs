//! What a server says when it does not do what it was asked. All of it means that nothing was
//! changed.

use redis::ServerError;
use redis::Value;

use super::address::Host;
use super::read::is_of_type;

/// Why a server did not do something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// Another server has the key.
    Redirected(Redirect),
    /// It may do it in a moment.
    NotReady(String),
    /// It follows another server, which may by now be where it was found.
    Demoted(String),
    /// It has forgotten the script.
    ScriptUnknown,
    /// It will not do it: the code of its error, and what it says.
    Final(String, String),
}

/// Where a key is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Redirect {
    pub(super) to: Host,
    /// Whether it is only there for this once.
    pub(super) asking: bool,
}

impl Refusal {
    /// What a reply of `host` refuses; none if it does not.
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
            // That is about what the key holds: the server has done what it was asked.
            code if is_of_type(code) => return None,
            _ => Self::Final(code.to_owned(), say(error)),
        })
    }
}

/// Whether an error is about who we are and what we may, and stays so until an operator changes
/// that.
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
