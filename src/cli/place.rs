//! The place of the store, and the parts that are needed to open it.

use std::fs;
use std::path::Path;

use crate::cli::Error;
use crate::config::Config;
use crate::config::LogPlace;
use crate::config::LogSubject;
use crate::config::StorePlace;
use crate::config::Switch;
use crate::config::WishDurability;
use crate::decision_log;
use crate::decision_log::Place;
use crate::decision_log::Subject;
use crate::secret::Secret;
use crate::server;
use crate::server::tls::pem;
use crate::snapshot_server::SnapshotClient;
use crate::store::Store;
use crate::store::embedded::Embedded;
use crate::store::embedded::OpenError;
use crate::store::redis::Redis;
use crate::store::redis::address::Address;
use crate::store::redis::setting::Certificates;
use crate::store::redis::setting::Password;
use crate::store::redis::setting::Setting;

/// The use for which a store is opened.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Use {
    /// To read it.
    Read,
    /// To write to it, and to make it if it is missing.
    Write,
}

/// Opens a store. Where a process serves a directory, it is read by way of that.
pub(crate) async fn open(
    config: &Config,
    place: &StorePlace,
    purpose: Use,
) -> Result<Box<dyn Store>, Error> {
    match place {
        StorePlace::Directory(directory) if purpose == Use::Read && !is_store(directory) => {
            Err(Error::Input(format!("there is no store in `{}`", directory.display())))
        }
        StorePlace::Directory(directory) => match Embedded::open(directory) {
            Ok(store) => Ok(Box::new(store)),
            // Its process serves it for reading.
            Err(OpenError::Locked(_)) if purpose == Use::Read => {
                let client = SnapshotClient::connect(directory).await;
                Ok(Box::new(client.map_err(|error| Error::Input(error.to_string()))?))
            }
            Err(error) => Err(Error::Input(super::chain(&error))),
        },
        StorePlace::Redis(address) => {
            let opened = Redis::open(redis(config, address)?).await;
            Ok(Box::new(opened.map_err(|error| Error::Input(format!("{address}: {error}")))?))
        }
    }
}

/// Whether a directory is that of a store. Opening one that is not would make a store in it.
pub(crate) fn is_store(directory: &Path) -> bool {
    directory.join("data").is_dir() || directory.join("acknowledged").is_file()
}

/// The secret of the installation. Beside an embedded store it is made if it is missing.
pub(crate) fn secret(config: &Config) -> Result<Secret, Error> {
    let read = match (config.secret_file.clone(), &config.store) {
        (Switch::On(file), _) => Secret::read(&file),
        (Switch::Off, StorePlace::Directory(directory)) => {
            Secret::read_or_make(&directory.join("secret"))
        }
        (Switch::Off, StorePlace::Redis(_)) => {
            let what = "instances that share a Redis share a secret: give --secret-file";
            return Err(Error::Input(what.to_owned()));
        }
    };
    read.map_err(|error| Error::Input(super::chain(&error)))
}

/// The store that is configured. Reads the files that go with it.
pub(crate) fn of(config: &Config) -> Result<server::StorePlace, Error> {
    match &config.store {
        StorePlace::Directory(directory) => {
            let marks = config.marks.clone().on();
            if let Some(marks) = marks.as_deref().filter(|marks| marks.starts_with(directory)) {
                return Err(Error::Input(format!(
                    "--marks `{}` is in the store's own directory, and would be lost with it; name \
                     another",
                    marks.display()
                )));
            }
            Ok(server::StorePlace::Embedded(directory.clone(), marks))
        }
        StorePlace::Redis(address) => {
            let journal = config.journal.clone().on();
            let setting = Setting { strict: config.strict, ..redis(config, address)? };
            Ok(server::StorePlace::Redis(Box::new(setting), journal))
        }
    }
}

/// The decision log that is configured, if any.
pub(crate) fn decision_log(config: &Config) -> Result<Option<decision_log::Setting>, Error> {
    let place = match config.decision_log.clone().on() {
        None => return Ok(None),
        Some(LogPlace::File(file)) => Place::File(file),
        Some(LogPlace::Redis(address)) => {
            Place::Stream(Box::new(redis(config, &address)?), config.decision_log_length)
        }
    };
    let subject = match config.decision_log_subject {
        LogSubject::Off => Subject::Absent,
        LogSubject::Hashed => Subject::Hashed,
        LogSubject::Plain => Subject::Plain,
    };
    Ok(Some(decision_log::Setting { place, rate: config.decision_log_sample.0, subject }))
}

/// A Redis at an address, reached as is configured.
pub(crate) fn redis(config: &Config, address: &Address) -> Result<Setting, Error> {
    let password = match (&config.redis_password_file, &config.redis_password) {
        (Switch::On(file), _) => Some(password(file)?),
        (Switch::Off, Switch::On(password)) => Some(Password::from(password.0.clone())),
        (Switch::Off, Switch::Off) => None,
    };
    let sentinel = config.redis_sentinel_password_file.clone().on();
    let sentinel = sentinel.map(|file| self::password(&file)).transpose()?;
    let client = match (&config.redis_cert_file, &config.redis_key_file) {
        (Switch::On(certificate), Switch::On(key)) => {
            check_pair(certificate, key)?;
            Some((read(certificate)?, read(key)?))
        }
        (Switch::Off, Switch::Off) => None,
        _ => {
            let what = "--redis-cert-file and --redis-key-file belong together";
            return Err(Error::Input(what.to_owned()));
        }
    };
    let authorities = config.redis_ca_file.clone().on();
    let authorities = authorities.map(|file| certificates(&file).and_then(|()| read(&file)));
    let authorities = authorities.transpose()?;
    let hide_ids = config.key_hash_secret_file.clone().on().map(|file| Secret::read(&file));
    Ok(Setting {
        user: config.redis_user.clone().on(),
        password,
        sentinel: (config.redis_sentinel_user.clone().on(), sentinel),
        certificates: Certificates { authorities, client },
        prefix: config.key_prefix.clone(),
        hide_ids: hide_ids.transpose().map_err(|error| Error::Input(super::chain(&error)))?,
        replicas: config.replicas.on(),
        replicated: config.wish_durability == WishDurability::Replicated,
        patience: config.store_timeout.0,
        ..Setting::new(address.clone())
    })
}

fn password(file: &Path) -> Result<Password, Error> {
    let unread = |error| format!("cannot read the password in `{}`: {error}", file.display());
    Password::read(file.to_owned()).map_err(|error| Error::Input(unread(error)))
}

/// Checks that a client's certificate and its key can be used together.
pub(crate) fn check_pair(certificate: &Path, key: &Path) -> Result<(), Error> {
    let chain = pem::certificates(certificate).map_err(Error::Input)?;
    let private = pem::key(key).map_err(Error::Input)?;
    pem::check_pair((certificate, &chain), (key, &private)).map_err(Error::Input)
}

/// Checks that a file holds certificates.
pub(crate) fn certificates(path: &Path) -> Result<(), Error> {
    pem::certificates(path).map(drop).map_err(Error::Input)
}

fn read(path: &Path) -> Result<Vec<u8>, Error> {
    fs::read(path)
        .map_err(|error| Error::Input(format!("cannot read `{}`: {error}", path.display())))
}
