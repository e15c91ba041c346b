//! Streams that outlast the right to them: they are asked again, end when it is taken away, and
//! each chunk counts against the caller's rate.

use std::path::PathBuf;
use std::time::Duration;

use courtesy::access::key::NewKey;
use courtesy::clock::Stopwatch;
use courtesy::proto::v1;
use courtesy::proto::v1::import_customers_request::Part;
use tokio::sync::mpsc;
use tokio::time::timeout;
use tokio_stream::wrappers::UnboundedReceiverStream;
use tonic::Code;
use tonic::Request;
use tonic::Status;
use tonic::Streaming;

use crate::api::product::Product;
use crate::wait::PATIENCE;

/// A server that knows one caller.
struct Guarded {
    product: Product,
    key: NewKey,
    file: PathBuf,
    _directory: tempfile::TempDir,
}

/// An import that is open.
struct Import {
    chunks: mpsc::UnboundedSender<v1::ImportCustomersRequest>,
    answers: Streaming<v1::ImportCustomersResponse>,
    rows: u64,
}

impl Guarded {
    fn start(settings: &str) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let (key, file) = (NewKey::make().unwrap(), directory.path().join("credentials.toml"));
        std::fs::write(&file, caller(&key, settings)).unwrap();
        let credentials = file.clone();
        let product = Product::start_with(|config| config.credentials = Some(credentials));
        Self { product, key, file, _directory: directory }
    }

    fn signed<T>(&self, message: T) -> Request<T> {
        let mut request = Request::new(message);
        let bearer = format!("Bearer {}", self.key.secret).parse().unwrap();
        request.metadata_mut().insert("authorization", bearer);
        request
    }

    async fn open(&self) -> Import {
        let (chunks, asked) = mpsc::unbounded_channel();
        let options = v1::ImportOptions { tenant: Some("north".to_owned()), ..Default::default() };
        chunks.send(v1::ImportCustomersRequest { part: Some(Part::Options(options)) }).unwrap();
        let asked = self.signed(UnboundedReceiverStream::new(asked));
        let answers = self.product.customers().import_customers(asked).await.unwrap().into_inner();
        let mut import = Import { chunks, answers, rows: 0 };
        import.answers.message().await.unwrap().unwrap();
        import
    }
}

impl Import {
    /// Sends one more chunk, and waits for its answer.
    async fn chunk(&mut self) -> Result<(), Status> {
        self.rows += 1;
        let customer_id = format!("customer-{}", self.rows);
        let customer = v1::CustomerRow { customer_id, ..Default::default() };
        let row = v1::ImportRow { row_number: self.rows, customer: Some(customer) };
        let chunk = v1::ImportChunk { rows: vec![row] };
        // Who is gone does not listen any more.
        drop(self.chunks.send(v1::ImportCustomersRequest { part: Some(Part::Chunk(chunk)) }));
        self.answers.message().await.map(|answer| assert!(answer.is_some()))
    }

    /// How it ends, although neither side says anything more.
    async fn end(&mut self) -> Status {
        timeout(PATIENCE, self.answers.message()).await.unwrap().unwrap_err()
    }
}

fn caller(key: &NewKey, settings: &str) -> String {
    let key = format!("[[caller.key]]\nid = \"{}\"\nsha256 = \"{}\"\n", key.id, key.hash);
    format!("[[caller]]\nname = \"crm\"\n{settings}{key}")
}

const CRM: &str = "roles = [\"crm\"]\ntenants = [\"north\", \"other\"]\n";

#[test]
fn an_import_ends_when_its_caller_may_no_longer_make_it() {
    let other = NewKey::make().unwrap();
    for (settings, expected) in [
        ("", Code::Unauthenticated),
        ("roles = [\"sender\"]\ntenants = [\"north\", \"other\"]\n", Code::PermissionDenied),
        ("roles = [\"crm\"]\ntenants = [\"other\"]\n", Code::Unauthenticated),
    ] {
        let guarded = Guarded::start(CRM);
        guarded.product.wait(async {
            let mut import = guarded.open().await;
            import.chunk().await.unwrap();
            // The key is taken away, or the role, or the tenant.
            let left = if settings.is_empty() {
                caller(&other, CRM)
            } else {
                caller(&guarded.key, settings)
            };
            std::fs::write(&guarded.file, left).unwrap();
            assert_eq!(import.end().await.code(), expected, "{settings}");
        });
    }
}

#[test]
fn a_stream_goes_on_while_its_caller_may_make_it() {
    let guarded = Guarded::start(CRM);
    guarded.product.wait(async {
        let mut import = guarded.open().await;
        let second = NewKey::make().unwrap();
        let more = format!(
            "{}[[caller.key]]\nid = \"{}\"\nsha256 = \"{}\"\n",
            caller(&guarded.key, "roles = [\"crm\", \"sender\"]\ntenants = [\"*\"]\n"),
            second.id,
            second.hash
        );
        std::fs::write(&guarded.file, more).unwrap();
        // Longer than a change takes until it holds.
        let began = Stopwatch::start();
        while began.elapsed() < Duration::from_secs(3) {
            import.chunk().await.unwrap();
        }
    });
}

#[test]
fn each_chunk_counts_against_the_rate() {
    let guarded = Guarded::start(&format!("{CRM}calls_per_second = 1\n"));
    guarded.product.wait(async {
        let began = Stopwatch::start();
        let mut import = guarded.open().await;
        for _ in 0..2 {
            import.chunk().await.unwrap();
        }
        // The call was the first of three, one a second.
        assert!(began.elapsed() >= Duration::from_millis(1_900), "{:?}", began.elapsed());
    });
}
