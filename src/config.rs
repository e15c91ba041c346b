//! Configuration: what a flag says, else the environment, else a file, else the default.
//!
//! Every setting is declared once, in `settings!` below: its flag, its variable, its key in the
//! file, its default and what it means. A file with an unknown key is refused. An unknown variable
//! is told and not refused: orchestrators set variables that begin with the name of a service.

mod listen;
mod misspelt;
mod place;
mod value;

pub use listen::Listen;
pub use place::LogPlace;
pub use place::NoPlace;
pub use place::StorePlace;
pub use value::CustomerIds;
pub use value::Hidden;
pub use value::LogFormat;
pub use value::LogSubject;
pub use value::Period;
pub use value::Proxies;
pub use value::ReservationDurability;
pub use value::Sample;
pub use value::Switch;
pub use value::Tenant;
pub use value::Url;
pub use value::WishDurability;

use std::num::NonZeroU32;
use std::path::Path;
use std::path::PathBuf;
use std::time::Duration;

use serde::Deserialize;
use serde::Serialize;

use crate::model::Name;
use crate::model::SampleRate;
use crate::secret::redacted;

/// The reason why there is no configuration.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file cannot be read.
    #[error("cannot read the configuration file `{path}`")]
    Read {
        /// The file.
        path: PathBuf,
        /// The cause.
        source: std::io::Error,
    },
    /// The file is not configuration; the message shows the place.
    #[error("the configuration file `{path}` is wrong: {why}")]
    File {
        /// The file.
        path: PathBuf,
        /// The mistake and its place.
        why: String,
    },
}

/// The origin of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A flag, or the environment where there was none.
    Given,
    /// The configuration file.
    File,
    /// The default.
    Default,
}

/// One effective setting, for people.
#[derive(Clone, Debug, PartialEq)]
pub struct Effective {
    /// Its key in the file.
    pub key: &'static str,
    /// Its value as the file writes it.
    pub value: String,
    /// The origin of the value.
    pub origin: Origin,
    /// Its meaning, for people.
    pub meaning: &'static str,
}

macro_rules! settings {
    ($(
        $(#[doc = $doc:literal])* #[arg($($arg:tt)*)]
        $name:ident: $type:ty = $default:expr;
    )*) => {
        /// What was set, on the command line or in a file.
        #[derive(Clone, Debug, Default, clap::Args, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub struct Settings {
            $( $(#[doc = $doc])* #[arg($($arg)*)] pub $name: Option<$type>, )*
        }

        /// What holds.
        #[derive(Clone, Debug, PartialEq, Serialize)]
        pub struct Config {
            $( $(#[doc = $doc])* pub $name: $type, )*
        }

        impl Default for Config {
            fn default() -> Self {
                Self { $( $name: $default, )* }
            }
        }

        impl Config {
            /// The effective configuration: `given` overrides `file`, and both override the
            /// defaults; and each setting with its origin.
            #[must_use]
            pub fn resolve(given: Settings, file: Settings) -> (Self, Vec<Effective>) {
                let mut origins = Vec::new();
                let defaults = Self::default();
                let config = Self { $( $name: {
                    let (value, origin) = match (given.$name, file.$name) {
                        (Some(value), _) => (value, Origin::Given),
                        (None, Some(value)) => (value, Origin::File),
                        (None, None) => (defaults.$name, Origin::Default),
                    };
                    let text = toml::Value::try_from(&value).map(|value| value.to_string());
                    let text = text.unwrap_or_default();
                    let text = redacted(&text, &[&text]);
                    let (key, meaning) = (stringify!($name), concat!($($doc),*));
                    origins.push(Effective { key, value: text, origin, meaning });
                    value
                }, )* };
                (config, origins)
            }
        }
    };
}

settings! {
    /// Address and port of the API; `localhost` and a port is allowed, and port 0 takes a free port
    #[arg(long, env = "COURTESY_LISTEN", value_name = "ADDRESS:PORT")]
    listen: Listen = Listen::here(50_051);
    /// Address and port of probes and metrics, in plain HTTP; or `off`
    #[arg(long, env = "COURTESY_OPERATIONS", value_name = "ADDRESS:PORT")]
    operations: Switch<Listen> = Switch::On(Listen::here(9_090));
    /// Address and port of the pages for customers (unsubscribe links, preferences), in plain HTTP;
    /// or `off`
    #[arg(long, env = "COURTESY_PAGES", value_name = "ADDRESS:PORT")]
    pages: Switch<Listen> = Switch::On(Listen::here(50_052));
    /// The URL at which customers reach these pages, such as `https://example.com`; `off` uses the
    /// address of `pages`
    #[arg(long, env = "COURTESY_PUBLIC_URL", value_name = "URL")]
    public_url: Switch<Url> = Switch::Off;
    /// The directory of the logos on these pages, `BRAND.png` and `default.png`, at most 32 kB
    /// each; or `off`
    #[arg(long, env = "COURTESY_PAGES_LOGOS", value_name = "DIRECTORY")]
    pages_logos: Switch<PathBuf> = Switch::Off;
    /// Address and port of the console for operators, with the API's certificate if there is one;
    /// or `off`
    #[arg(long, env = "COURTESY_CONSOLE", value_name = "ADDRESS:PORT")]
    console: Switch<Listen> = Switch::On(Listen::here(50_053));
    /// The URL at which browsers reach the console, such as `https://console.example.com`, if it is
    /// not the address of `console`; or `off`
    #[arg(long, env = "COURTESY_CONSOLE_URL", value_name = "URL")]
    console_url: Switch<Url> = Switch::Off;
    /// The file with the installation's secret, from which all keys are derived; the same for all
    /// instances. `off` makes a secret in the store's directory
    #[arg(long, env = "COURTESY_SECRET_FILE", value_name = "FILE")]
    secret_file: Switch<PathBuf> = Switch::Off;
    /// The file of callers, with their roles and tenants, as `courtesy credentials` writes it;
    /// `off` lets every caller do everything
    #[arg(long, env = "COURTESY_CREDENTIALS_FILE", value_name = "FILE")]
    credentials_file: Switch<PathBuf> = Switch::Off;
    /// The file of webhooks, to which changes are sent (format: `docs/events.md`); or `off`
    #[arg(long, env = "COURTESY_WEBHOOKS_FILE", value_name = "FILE")]
    webhooks_file: Switch<PathBuf> = Switch::Off;
    /// The file with the API's certificate and its chain, in PEM; `off` serves without TLS
    #[arg(long, env = "COURTESY_TLS_CERT_FILE", value_name = "FILE")]
    tls_cert_file: Switch<PathBuf> = Switch::Off;
    /// The file with the private key of the API's certificate, in PEM; or `off`
    #[arg(long, env = "COURTESY_TLS_KEY_FILE", value_name = "FILE")]
    tls_key_file: Switch<PathBuf> = Switch::Off;
    /// The file with the certificate authorities of callers' certificates, in PEM; `off` asks
    /// callers for no certificate
    #[arg(long, env = "COURTESY_TLS_CLIENT_CA_FILE", value_name = "FILE")]
    tls_client_ca_file: Switch<PathBuf> = Switch::Off;
    /// Serve gRPC reflection, which lists the services
    #[arg(long, env = "COURTESY_REFLECTION", value_name = "BOOL")]
    reflection: bool = true;
    /// Serve PolicyService, which changes policies and pauses
    #[arg(long, env = "COURTESY_ADMIN", value_name = "BOOL")]
    admin: bool = true;
    /// Listen beyond this machine even though callers need no credential
    #[arg(long, env = "COURTESY_ALLOW_UNAUTHENTICATED", num_args = 0..=1, require_equals = true,
          default_missing_value = "true", value_name = "BOOL")]
    allow_unauthenticated: bool = false;
    /// The store of records: a directory, which is created if it is missing, or a Redis, such as
    /// redis://host:6379, redis+cluster://host:6379,host:6379, redis+sentinel://host:26379/name or
    /// unix:///run/redis.sock; rediss:// uses TLS; valkey:// and valkeys:// mean the same. A
    /// directory exists, or its name begins with `.` or `/`
    #[arg(long, env = "COURTESY_STORE", value_name = "DIRECTORY|URL")]
    store: StorePlace = StorePlace::Directory(PathBuf::from("./courtesy-data"));
    /// The user for Redis; `off` is the user `default`
    #[arg(long, env = "COURTESY_REDIS_USER", value_name = "NAME")]
    redis_user: Switch<String> = Switch::Off;
    /// The file with the password for Redis, read again for each connection; or `off`.
    /// COURTESY_REDIS_PASSWORD can hold the password itself
    #[arg(long, env = "COURTESY_REDIS_PASSWORD_FILE", value_name = "FILE")]
    redis_password_file: Switch<PathBuf> = Switch::Off;
    /// The user for the Sentinels; or `off`
    #[arg(long, env = "COURTESY_REDIS_SENTINEL_USER", value_name = "NAME")]
    redis_sentinel_user: Switch<String> = Switch::Off;
    /// The file with the password for the Sentinels; `off` uses the password for Redis if they ask
    /// for one
    #[arg(long, env = "COURTESY_REDIS_SENTINEL_PASSWORD_FILE", value_name = "FILE")]
    redis_sentinel_password_file: Switch<PathBuf> = Switch::Off;
    /// The password for Redis; meant for the environment, since others see command lines
    #[arg(long, env = "COURTESY_REDIS_PASSWORD", hide_env_values = true, hide = true)]
    redis_password: Switch<Hidden> = Switch::Off;
    /// The file with the certificate authorities of Redis, in PEM; `off` trusts those of the
    /// machine
    #[arg(long, env = "COURTESY_REDIS_CA_FILE", value_name = "FILE")]
    redis_ca_file: Switch<PathBuf> = Switch::Off;
    /// The file with courtesy's certificate for Redis, in PEM; or `off`
    #[arg(long, env = "COURTESY_REDIS_CERT_FILE", value_name = "FILE")]
    redis_cert_file: Switch<PathBuf> = Switch::Off;
    /// The file with the private key of `redis_cert_file`, in PEM; or `off`
    #[arg(long, env = "COURTESY_REDIS_KEY_FILE", value_name = "FILE")]
    redis_key_file: Switch<PathBuf> = Switch::Off;
    /// The tenants that always exist. `courtesy tenant create` and `courtesy policy apply` create
    /// further ones; a call for any other tenant is refused
    #[arg(long, env = "COURTESY_TENANTS", value_name = "NAME,…", value_delimiter = ',')]
    tenants: Vec<Tenant> = Name::new("default").map(Tenant).into_iter().collect();
    /// The directory or file of policies for the only tenant of `tenants`, or for `default`. They
    /// come into force as one revision whenever their content changes; a change by hand stays until
    /// then; or `off`
    #[arg(long, env = "COURTESY_POLICY", value_name = "DIRECTORY|FILE")]
    policy: Switch<PathBuf> = Switch::Off;
    /// The prefix of every key in Redis
    #[arg(long, env = "COURTESY_KEY_PREFIX", value_name = "TEXT")]
    key_prefix: String = "courtesy:".to_owned();
    /// The file with a secret that hides customers' ids in the keys of Redis; or `off`. Set it
    /// before the first start and never change it
    #[arg(long, env = "COURTESY_KEY_HASH_SECRET_FILE", value_name = "FILE")]
    key_hash_secret_file: Switch<PathBuf> = Switch::Off;
    /// The directory of the outage journal: contacts that were allowed while Redis was away, until
    /// they are charged; `off` never charges them
    #[arg(long, env = "COURTESY_JOURNAL", value_name = "DIRECTORY")]
    journal: Switch<PathBuf> = Switch::On(PathBuf::from("./courtesy-journal"));
    /// The directory, best on another disk, with what identifies a store that is a directory. By it
    /// a start notices that the store was emptied, replaced or restored from an older copy; or
    /// `off`. For a Redis, `journal` has the same
    #[arg(long, env = "COURTESY_MARKS", value_name = "DIRECTORY")]
    marks: Switch<PathBuf> = Switch::Off;
    /// The number of replicas that must confirm a `replicated` write; `off` is the largest number
    /// that any primary was seen with
    #[arg(long, env = "COURTESY_REPLICAS", value_name = "COUNT")]
    replicas: Switch<u32> = Switch::Off;
    /// Refuse to start if a setting of Redis could lose acknowledged writes
    #[arg(long, env = "COURTESY_STRICT", num_args = 0..=1, require_equals = true,
          default_missing_value = "true", value_name = "BOOL")]
    strict: bool = false;
    /// The longest time for one call of the store, after which it counts as out of reach. Writes
    /// that must reach the disk of an embedded store have at least 1.5 s
    #[arg(long, env = "COURTESY_STORE_TIMEOUT", value_name = "TIME")]
    store_timeout: Period = Period(Duration::from_millis(250));
    /// When a wish or a policy is acknowledged
    #[arg(long, env = "COURTESY_WISH_DURABILITY", value_name = "LEVEL")]
    wish_durability: WishDurability = WishDurability::Replicated;
    /// When a reservation is acknowledged
    #[arg(long, env = "COURTESY_RESERVATION_DURABILITY", value_name = "LEVEL")]
    reservation_durability: ReservationDurability = ReservationDurability::Buffered;
    /// Which spellings of a customer's id mean the same customer. White space around an id never
    /// counts. The store keeps the setting, and `courtesy merge-ids` changes it
    #[arg(long, env = "COURTESY_CUSTOMER_IDS", value_name = "HOW")]
    customer_ids: CustomerIds = CustomerIds::Exact;
    /// The number of threads that serve; 0 is one for each core
    #[arg(long, env = "COURTESY_THREADS", value_name = "COUNT")]
    threads: u16 = 0;
    /// The origins of web pages that may call, such as `https://example.com`, or `*`; by default
    /// none
    #[arg(long, env = "COURTESY_CORS_ORIGINS", value_name = "ORIGIN,…", value_delimiter = ',')]
    cors_origins: Vec<String> = Vec::new();
    /// The longest time for a call, whatever deadline its caller sets
    #[arg(long, env = "COURTESY_DEADLINE_MAX", value_name = "TIME")]
    deadline_max: Period = Period(Duration::from_secs(2));
    /// The longest time that the server waits for calls in flight when it shuts down
    #[arg(long, env = "COURTESY_DRAIN", value_name = "TIME")]
    drain: Period = Period(Duration::from_secs(25));
    /// The age at which a connection is asked to end, so that callers move to new instances; or
    /// `off`
    #[arg(long, env = "COURTESY_CONNECTION_AGE_MAX", value_name = "TIME")]
    connection_age_max: Switch<Period> = Switch::On(Period(Duration::from_secs(30 * 60)));
    /// The largest number of connections to the API's port, on all threads
    #[arg(long, env = "COURTESY_CONNECTIONS_MAX", value_name = "COUNT")]
    connections_max: NonZeroU32 = NonZeroU32::MIN.saturating_add(9_999);
    /// The largest number of connections to each port without a call that was admitted by its
    /// credential; beyond it the oldest one is dropped
    #[arg(long, env = "COURTESY_STRANGERS_MAX", value_name = "COUNT")]
    strangers_max: NonZeroU32 = NonZeroU32::MIN.saturating_add(1_023);
    /// The largest number of such connections from one address, or from one /64 of IPv6
    #[arg(long, env = "COURTESY_STRANGERS_PER_ADDRESS", value_name = "COUNT")]
    strangers_per_address: NonZeroU32 = NonZeroU32::MIN.saturating_add(127);
    /// The addresses and networks of proxies, such as 10.0.0.0/8, whose `X-Forwarded-For` is
    /// trusted and whose connections have no limit per address; by default none
    #[arg(long, env = "COURTESY_TRUSTED_PROXIES", value_name = "NETWORK,…", value_delimiter = ',')]
    trusted_proxies: Vec<Proxies> = Vec::new();
    /// The longest time until a new connection sends its first byte, and with TLS ends its
    /// handshake
    #[arg(long, env = "COURTESY_FIRST_BYTE_MAX", value_name = "TIME")]
    first_byte_max: Period = Period(Duration::from_secs(5));
    /// The longest time without a request on a connection without an admitted call
    #[arg(long, env = "COURTESY_IDLE_MAX", value_name = "TIME")]
    idle_max: Period = Period(Duration::from_secs(60));
    /// The longest time for a stream, such as an import or a health watch
    #[arg(long, env = "COURTESY_STREAM_AGE_MAX", value_name = "TIME")]
    stream_age_max: Period = Period(Duration::from_secs(3_600));
    /// The filter of the log on standard error: error, warn, info, debug or trace, also per module
    #[arg(long, env = "COURTESY_LOG", value_name = "FILTER")]
    log: String = "info,fjall=warn,lsm_tree=warn".to_owned();
    /// The format of the log
    #[arg(long, env = "COURTESY_LOG_FORMAT", value_name = "FORMAT")]
    log_format: LogFormat = LogFormat::Text;
    /// The OpenTelemetry collector for traces, over OTLP in gRPC, such as `http://127.0.0.1:4317`;
    /// or `off`
    #[arg(long, env = "COURTESY_OTLP_ENDPOINT", value_name = "URL")]
    otlp_endpoint: Switch<Url> = Switch::Off;
    /// The sampling rate of traces, for calls whose callers trace nothing, such as 1/100; 1 is all
    #[arg(long, env = "COURTESY_OTLP_SAMPLE", value_name = "SHARE")]
    otlp_sample: Sample = Sample(SampleRate::one_in(NonZeroU32::MIN.saturating_add(99)));
    /// Where decisions are logged, one CloudEvent each: a file, `-` for standard output, or a
    /// Redis, such as redis://host:6379, with the user and password of the store, as a stream; or
    /// `off`
    #[arg(long, env = "COURTESY_DECISION_LOG", value_name = "FILE|URL")]
    decision_log: Switch<LogPlace> = Switch::Off;
    /// The sampling rate of the decision log, such as 1/100; 1 is all
    #[arg(long, env = "COURTESY_DECISION_LOG_SAMPLE", value_name = "SHARE")]
    decision_log_sample: Sample = Sample(SampleRate::ALL);
    /// How the decision log identifies the customer
    #[arg(long, env = "COURTESY_DECISION_LOG_SUBJECT", value_name = "HOW")]
    decision_log_subject: LogSubject = LogSubject::Hashed;
    /// The approximate number of decisions that the stream keeps
    #[arg(long, env = "COURTESY_DECISION_LOG_LENGTH", value_name = "COUNT")]
    decision_log_length: u64 = 1_000_000;
    /// A directory of compiled time zones newer than the bundled ones; or `off`
    #[arg(skip)]
    tzdb: Switch<PathBuf> = Switch::Off;
}

impl Settings {
    /// Reads a file of settings; `-` is standard input.
    ///
    /// # Errors
    /// If it cannot be read, or holds an unknown key or a value that is none.
    pub fn read(path: &Path) -> Result<Self, Error> {
        let read = match path.as_os_str() == "-" {
            true => std::io::read_to_string(std::io::stdin().lock()),
            false => std::fs::read_to_string(path),
        };
        let text = read.map_err(|source| Error::Read { path: path.to_owned(), source })?;
        toml::from_str(&text).map_err(|error| {
            // The message shows the line that is wrong.
            let lines: Vec<&str> = text.lines().collect();
            let mut why = redacted(&misspelt::told(&error.to_string()), &lines);
            let holds =
                |it: &&&str| it.trim_start().starts_with("redis_password") && it.contains('=');
            for line in lines.iter().filter(holds) {
                why = why.replace(line, "redis_password = ***");
            }
            Error::File { path: path.to_owned(), why }
        })
    }
}

#[cfg(test)]
mod tests;
