//! A server with a console, and what a browser asks of it.

use std::path::PathBuf;

use courtesy::access::key::NewKey;
use courtesy::server;

use crate::api::product::Product;
use crate::support::form;
use crate::support::form::encode;
use crate::support::http;
use crate::support::http::Answer;

/// The roles of which each has a caller where callers have to say who they are.
pub(crate) const ROLES: [&str; 5] = ["sender", "crm", "operator", "auditor", "privacy"];

/// What browsers say of a form that one of our own pages sends.
const OWN: &str = "sec-fetch-site: same-origin";

const CREDENTIALS: &str = "credentials.toml";

/// A server with a console. Where it has credentials, there is one caller for each role.
pub(crate) struct Console {
    pub(crate) product: Product,
    keys: Vec<(&'static str, String)>,
    directory: tempfile::TempDir,
}

/// One who looks at a console.
pub(crate) struct Visitor<'a> {
    console: &'a Console,
    cookie: Option<String>,
}

impl Console {
    /// A console that every user of this machine may use.
    pub(crate) fn open() -> Self {
        Self::start(Vec::new(), |_| {})
    }

    /// A console for callers with keys, one for each role, all for the tenant `default`.
    pub(crate) fn guarded() -> Self {
        Self::guarded_with(|_| {})
    }

    /// The same, set up otherwise.
    pub(crate) fn guarded_with(change: impl FnOnce(&mut server::Config)) -> Self {
        let keys = ROLES.map(|role| (role, NewKey::make().unwrap()));
        Self::start(keys.into(), change)
    }

    fn start(keys: Vec<(&'static str, NewKey)>, change: impl FnOnce(&mut server::Config)) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let path: PathBuf = directory.path().join(CREDENTIALS);
        let callers = keys.iter().map(|(role, key)| caller(role, &key.id, &key.hash));
        std::fs::write(&path, callers.collect::<String>()).unwrap();
        let is_guarded = !keys.is_empty();
        let product = Product::start_with(|config| {
            config.console = Some(([127, 0, 0, 1], 0).into());
            config.credentials = is_guarded.then_some(path);
            change(config);
        });
        let keys = keys.into_iter().map(|(role, key)| (role, key.secret)).collect();
        Self { product, keys, directory }
    }

    /// The address of a screen.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.product.ready.console.unwrap())
    }

    /// The key of the caller with a role.
    pub(crate) fn key(&self, role: &str) -> &str {
        &self.keys.iter().find(|(it, _)| *it == role).unwrap().1
    }

    /// Takes the key of the caller with a role away.
    pub(crate) fn revoke(&self, role: &str) {
        let path = self.directory.path().join(CREDENTIALS);
        let text = std::fs::read_to_string(&path).unwrap();
        let revoked = format!("name = \"the {role}\"");
        let kept = text.split("[[caller]]\n").filter(|it| !it.is_empty() && !it.contains(&revoked));
        let kept: String = kept.map(|it| format!("[[caller]]\n{it}")).collect();
        std::fs::write(&path, kept).unwrap();
    }

    /// A visitor who has not signed in.
    pub(crate) const fn visitor(&self) -> Visitor<'_> {
        Visitor { console: self, cookie: None }
    }

    /// The caller with a role, signed in.
    pub(crate) fn signed_in(&self, role: &str) -> Visitor<'_> {
        let answer = self.visitor().post("/sign-in", &[("key", self.key(role))]);
        assert_eq!(answer.status, 303, "{}", answer.body);
        assert!(answer.head.contains("; httponly; samesite=strict;"), "{}", answer.head);
        Visitor { console: self, cookie: Some(format!("cookie: {}", answer.cookie.unwrap())) }
    }
}

/// A caller of the file of credentials.
fn caller(role: &str, id: &str, hash: &str) -> String {
    format!(
        "[[caller]]\nname = \"the {role}\"\nroles = [\"{role}\"]\ntenants = [\"default\"]\n\
         [[caller.key]]\nid = \"{id}\"\nsha256 = \"{hash}\"\n"
    )
}

impl Visitor<'_> {
    /// The name and value of the cookie.
    pub(crate) fn cookie(&self) -> &str {
        self.cookie.as_deref().unwrap().trim_start_matches("cookie: ")
    }

    pub(crate) fn get(&self, path: &str) -> Answer {
        http::get(&self.console.url(path), &self.headers(&[]))
    }

    /// Sends a form of one of the console's own pages.
    pub(crate) fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.post_with(path, fields, &[OWN])
    }

    /// Sends a form with other headers.
    pub(crate) fn post_with(
        &self,
        path: &str,
        fields: &[(&str, &str)],
        headers: &[&str],
    ) -> Answer {
        let fields: Vec<(String, String)> =
            fields.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
        let headers = self.headers(&[&[form::TYPE], headers].concat());
        http::post(&self.console.url(path), &headers, &encode(&fields))
    }

    fn headers<'a>(&'a self, more: &[&'a str]) -> Vec<&'a str> {
        more.iter().copied().chain(self.cookie.as_deref()).collect()
    }
}
