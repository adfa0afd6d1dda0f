//! A server inside the test's own process, with a clock that the test sets.

use std::path::{Path, PathBuf};

use client_core::replica::Replica;
use client_core::syncer;
use jiff::Timestamp;
use server::admin::{initialise, issue_code};
use server::error::ServerError;
use server::ingest::Ledger;
use server::store;
use tempfile::TempDir;
use tokio::runtime::Runtime;

use super::{Fault, Link};

/// A served database.
pub struct Hosted {
    data: PathBuf,
    url: String,
    clock: fn() -> Timestamp,
    runtime: Option<Runtime>,
    folder: TempDir,
}

impl Drop for Hosted {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

/// A folder in memory where there is one: nothing here is about the disk, and every commit waits for it.
fn folder() -> TempDir {
    TempDir::new_in("/dev/shm").or_else(|_| TempDir::new()).expect("a folder")
}

impl Hosted {
    /// A new database with a directory, served on a free port.
    pub fn start(directory: &str, clock: fn() -> Timestamp) -> Self {
        let folder = folder();
        let data = folder.path().join("data");
        initialise(&data, "Thử nghiệm", Some(directory), clock()).expect("a database");
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime");
        let (tell, listening) = std::sync::mpsc::channel();
        let served = data.clone();
        runtime.spawn(async move {
            let address = ([127, 0, 0, 1], 0).into();
            let mut patience = 200;
            loop {
                let tell = tell.clone();
                let listens = move |at| {
                    let _ = tell.send(at);
                };
                match server::http::serve(&served, address, clock, listens).await {
                    // A program that another test was starting just then had the lock's file open for a moment.
                    Err(ServerError::Locked(_)) if patience > 0 => patience -= 1,
                    done => break done.expect("the server serves"),
                }
                tokio::time::sleep(std::time::Duration::from_millis(10)).await;
            }
        });
        let url = format!("http://{}", listening.recv().expect("the server listens"));
        Self { data, url, clock, runtime: Some(runtime), folder }
    }

    /// Its data folder.
    pub fn data(&self) -> &Path {
        &self.data
    }

    /// Its address.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Its database, as an administrator's command would open it.
    pub fn ledger(&self) -> Ledger {
        Ledger::new(store::open(&self.data).expect("the database")).expect("a ledger")
    }

    /// A new enrolment code.
    pub fn code(&self, user: &str) -> String {
        issue_code(&mut self.ledger(), user, (self.clock)()).expect("a code").code
    }

    /// The folder of a replica.
    pub fn home(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A new replica of a user, in the folder of that name. It has not synced yet.
    pub fn enroll(&self, user: &str, name: &str, rng: &mut dyn FnMut(&mut [u8])) -> Replica {
        let code = self.code(user);
        let home = self.home(name);
        let mut link = Link::new(&self.url, Fault::None);
        syncer::enroll(&home, &self.url, &code, None, (self.clock)(), &mut link, rng).expect("enrolled")
    }
}
