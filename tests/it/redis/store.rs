//! The store in Redis, on the servers of the bed.

use std::fs;
use std::time::Duration;

use courtesy::store::redis::Redis;
use courtesy::store::redis::setting::Certificates;
use courtesy::store::redis::setting::Setting;

use super::tls;

/// How long a call may take where no test is about that: machines that test do much at once.
pub(crate) const PATIENCE: Duration = Duration::from_secs(10);

/// How to reach what stands at an address such as `redis+cluster://host:port,host:port`.
pub(crate) fn setting(address: &str) -> Setting {
    Setting { patience: PATIENCE, ..Setting::new(address.parse().unwrap()) }
}

/// Opens it, on the runtime of the caller.
pub(crate) async fn open(setting: Setting) -> Redis {
    Redis::open(setting).await.unwrap()
}

/// What a client of a server with TLS must know.
pub(crate) fn certificates(bed: &tls::Certificates) -> Certificates {
    let (certificate, key) = bed.client();
    let client = Some((fs::read(certificate).unwrap(), fs::read(key).unwrap()));
    Certificates { authorities: Some(fs::read(bed.ca()).unwrap()), client }
}
