//! The side that reads.

use std::path::Path;

use async_trait::async_trait;
use hyper_util::rt::TokioIo;
use tokio::net::UnixStream;
use tonic::Code;
use tonic::Status;
use tonic::transport::Channel;
use tonic::transport::Endpoint;
use tower::service_fn;

use super::read;
use super::read_key;
use super::socket;
use super::write_key;
use crate::model::Instant;
use crate::model::Name;
use crate::model::agenda::Entry;
use crate::model::agenda::List;
use crate::proto::store::v1::LoadValuesRequest;
use crate::proto::store::v1::RewriteFilesRequest;
use crate::proto::store::v1::ScanValuesRequest;
use crate::proto::store::v1::store_service_client::StoreServiceClient;
use crate::store::Agenda;
use crate::store::Ask;
use crate::store::Durability;
use crate::store::Error;
use crate::store::Found;
use crate::store::Key;
use crate::store::Page;
use crate::store::Replaced;
use crate::store::Replacement;
use crate::store::Space;
use crate::store::Store;
use crate::store::Stored;
use crate::store::Version;

/// The longest answer, in bytes: a page of the longest records.
const ANSWER_BYTES_MAX: usize = 64 << 20;

/// A store that another process has, for reading.
#[derive(Clone, Debug)]
pub struct SnapshotClient(StoreServiceClient<Channel>);

impl SnapshotClient {
    /// Reads the store in a directory by way of the process that serves it.
    ///
    /// # Errors
    /// If that process does not serve it.
    pub async fn connect(directory: &Path) -> Result<Self, Error> {
        let path = socket(directory);
        // The address is not looked at: there is one way to go.
        let endpoint = Endpoint::from_static("http://store");
        let connected = endpoint.connect_with_connector(service_fn(move |_address| {
            let path = path.clone();
            async move { UnixStream::connect(path).await.map(TokioIo::new) }
        }));
        let channel = connected.await.map_err(|error| Error::Unavailable(error.to_string()))?;
        let client = StoreServiceClient::new(channel);
        Ok(Self(client.max_decoding_message_size(ANSWER_BYTES_MAX)))
    }
}

fn unavailable(status: &Status) -> Error {
    Error::Unavailable(status.message().to_owned())
}

fn read_only() -> Error {
    Error::Unavailable("a store that another process serves can only be read".to_owned())
}

fn strange() -> Error {
    Error::Unavailable("another version of courtesy serves the store".to_owned())
}

#[async_trait]
impl Store for SnapshotClient {
    async fn load(&self, key: &Key) -> Result<Option<Stored>, Error> {
        let mut loaded = self.load_many(std::slice::from_ref(key)).await;
        loaded.pop().unwrap_or_else(|| Err(strange()))
    }

    async fn load_many(&self, keys: &[Key]) -> Vec<Result<Option<Stored>, Error>> {
        let request = LoadValuesRequest { keys: keys.iter().map(write_key).collect() };
        match self.0.clone().load_values(request).await {
            Ok(answer) => {
                let mut values = answer.into_inner().values.into_iter().map(read);
                keys.iter().map(|_| values.next().unwrap_or_else(|| Err(strange()))).collect()
            }
            Err(status) => keys.iter().map(|_| Err(unavailable(&status))).collect(),
        }
    }

    async fn scan(
        &self,
        space: Space,
        tenant: Option<&Name>,
        cursor: Option<&str>,
        limit: usize,
    ) -> Result<Page, Error> {
        let request = ScanValuesRequest {
            space: space.as_str().to_owned(),
            tenant: tenant.map(Name::to_string).unwrap_or_default(),
            cursor: cursor.unwrap_or_default().to_owned(),
            limit: u32::try_from(limit).unwrap_or(u32::MAX),
        };
        let answer = self.0.clone().scan_values(request).await;
        let answer = answer.map_err(|status| unavailable(&status))?.into_inner();
        let mut page = Page::default();
        for value in answer.values {
            let key = read_key(&value).ok_or_else(strange)?;
            let stored = read(value).and_then(|stored| stored.ok_or_else(strange));
            page.values.push((key, stored));
        }
        page.next = (!answer.next.is_empty()).then(|| answer.next.into());
        Ok(page)
    }

    async fn rewrite(&self) -> Result<(), Error> {
        match self.0.clone().rewrite_files(RewriteFilesRequest {}).await {
            Ok(_rewritten) => Ok(()),
            Err(status) if status.code() == Code::Unimplemented => Err(strange()),
            Err(status) => Err(unavailable(&status)),
        }
    }

    async fn replace(
        &self,
        _replacement: Replacement,
        _durability: Durability,
    ) -> Result<Replaced, Error> {
        Err(read_only())
    }

    fn agenda(&self) -> &dyn Agenda {
        self
    }

    async fn settle(
        &self,
        _key: &Key,
        _version: Version,
        _durability: Durability,
    ) -> Result<bool, Error> {
        Err(read_only())
    }

    async fn remove(
        &self,
        _key: &Key,
        _expected: Version,
        _durability: Durability,
    ) -> Result<bool, Error> {
        Err(read_only())
    }

    async fn replace_many(
        &self,
        replacements: Vec<Replacement>,
        _durability: Durability,
    ) -> Vec<Result<Replaced, Error>> {
        replacements.iter().map(|_| Err(read_only())).collect()
    }
}

/// A copy makes the agenda anew of the records.
#[async_trait]
impl Agenda for SnapshotClient {
    async fn put(&self, _entries: &[Entry], _durability: Durability) -> Result<(), Error> {
        Err(read_only())
    }

    async fn take_out(&self, _entries: &[Entry]) -> Result<(), Error> {
        Err(read_only())
    }

    async fn read(&self, _ask: Ask<'_>) -> Result<Vec<Found>, Error> {
        Err(not_served())
    }

    async fn claim(&self, _ask: Ask<'_>, _lease: Instant) -> Result<Vec<Found>, Error> {
        Err(not_served())
    }

    async fn count(&self, _list: List, _tenant: &Name, _until: Instant) -> Result<u64, Error> {
        Err(not_served())
    }

    async fn clear(&self, _list: List, _tenant: &Name, _until: Instant) -> Result<(), Error> {
        Err(read_only())
    }
}

fn not_served() -> Error {
    Error::Unavailable(
        "the agenda of a store that another process serves cannot be read".to_owned(),
    )
}
