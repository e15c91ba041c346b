//! The side that has the store.

use std::fs;
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::Arc;

use tokio::net::UnixListener;
use tokio_stream::wrappers::UnixListenerStream;
use tonic::Request;
use tonic::Response;
use tonic::Status;
use tonic::async_trait;
use tonic::transport;
use tonic::transport::Server;

use super::read_key;
use super::socket;
use super::write;
use crate::model::Name;
use crate::proto::store::v1::LoadValuesRequest;
use crate::proto::store::v1::LoadValuesResponse;
use crate::proto::store::v1::RewriteFilesRequest;
use crate::proto::store::v1::RewriteFilesResponse;
use crate::proto::store::v1::ScanValuesRequest;
use crate::proto::store::v1::ScanValuesResponse;
use crate::proto::store::v1::store_service_server::StoreService;
use crate::proto::store::v1::store_service_server::StoreServiceServer;
use crate::store::Error;
use crate::store::Key;
use crate::store::Space;
use crate::store::Store;
use crate::store::Stored;

/// The most values of one answer.
const VALUES_MAX: usize = 1_000;

/// Serves a store for reading.
#[derive(Debug)]
pub struct SnapshotServer {
    store: Arc<dyn Store>,
    listener: UnixListener,
}

impl SnapshotServer {
    /// Listens in the directory of a store that this process has. It must be called on a runtime.
    ///
    /// # Errors
    /// If the socket cannot be made; its path has at most about 100 bytes.
    pub fn listen(store: Arc<dyn Store>, directory: &Path) -> io::Result<Self> {
        let path = socket(directory);
        // The process that had the store before has left it; no other can have the store now.
        match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            Ok(()) | Err(_) => {}
        }
        let listener = UnixListener::bind(&path)?;
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600))?;
        Ok(Self { store, listener })
    }

    /// Serves for as long as it is polled.
    ///
    /// # Errors
    /// If the socket breaks.
    pub async fn serve(self) -> Result<(), transport::Error> {
        let service = StoreServiceServer::new(Lending(self.store));
        let incoming = UnixListenerStream::new(self.listener);
        Server::builder().add_service(service).serve_with_incoming(incoming).await
    }
}

struct Lending(Arc<dyn Store>);

#[async_trait]
impl StoreService for Lending {
    async fn scan_values(
        &self,
        request: Request<ScanValuesRequest>,
    ) -> Result<Response<ScanValuesResponse>, Status> {
        let ScanValuesRequest { space, tenant, cursor, limit } = request.into_inner();
        let space = Space::parse(&space).ok_or_else(unknown)?;
        let tenant = (!tenant.is_empty()).then(|| Name::new(&tenant)).transpose();
        let tenant = tenant.map_err(|error| Status::invalid_argument(error.to_string()))?;
        let cursor = (!cursor.is_empty()).then_some(cursor.as_str());
        let limit = usize::try_from(limit).unwrap_or(VALUES_MAX).clamp(1, VALUES_MAX);
        let page = self.0.scan(space, tenant.as_ref(), cursor, limit).await;
        let page = page.map_err(|error| status(&error))?;
        let values = page.values.into_iter();
        let values = values.map(|(key, stored)| answer(&key, stored.map(Some)));
        let next = page.next.map(String::from).unwrap_or_default();
        Ok(Response::new(ScanValuesResponse { values: values.collect::<Result<_, _>>()?, next }))
    }

    async fn load_values(
        &self,
        request: Request<LoadValuesRequest>,
    ) -> Result<Response<LoadValuesResponse>, Status> {
        let keys = request.into_inner().keys;
        let keys: Option<Vec<Key>> = keys.iter().map(read_key).collect();
        let keys = keys.filter(|keys| keys.len() <= VALUES_MAX).ok_or_else(unknown)?;
        let loaded = self.0.load_many(&keys).await.into_iter();
        let values = keys.iter().zip(loaded).map(|(key, stored)| answer(key, stored));
        Ok(Response::new(LoadValuesResponse { values: values.collect::<Result<_, _>>()? }))
    }

    async fn rewrite_files(
        &self,
        _request: Request<RewriteFilesRequest>,
    ) -> Result<Response<RewriteFilesResponse>, Status> {
        self.0.rewrite().await.map_err(|error| status(&error))?;
        Ok(Response::new(RewriteFilesResponse {}))
    }
}

fn answer(
    key: &Key,
    stored: Result<Option<Stored>, Error>,
) -> Result<crate::proto::store::v1::SnapshotValue, Status> {
    write(key, stored).map_err(|error| status(&error))
}

fn status(error: &Error) -> Status {
    Status::unavailable(error.to_string())
}

fn unknown() -> Status {
    Status::invalid_argument("another version of courtesy asks, or too much is asked for")
}
