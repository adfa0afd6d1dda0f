//! What every handler may use.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use axum::extract::State;
use axum::http::StatusCode;
use jiff::Timestamp;
use rusqlite::Connection;
use sync::id::DeviceId;
use tokio::sync::oneshot;

use crate::error::ServerError;
use crate::ingest::Writer;
use crate::keys::ServerKeys;
use crate::life::Journal;
use crate::store::{self, Tenant};

/// Readers kept open between requests.
const READERS_KEPT: usize = 8;

/// The running server; cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Inner>);

struct Inner {
    data: PathBuf,
    tenant: Tenant,
    keys: ServerKeys,
    writer: Writer,
    readers: Mutex<Vec<Connection>>,
    live: Mutex<HashMap<DeviceId, oneshot::Sender<()>>>,
    now: fn() -> Timestamp,
}

impl App {
    /// Over a started writer.
    pub fn new(data: PathBuf, tenant: Tenant, keys: ServerKeys, writer: Writer, now: fn() -> Timestamp) -> Self {
        Self(Arc::new(Inner { data, tenant, keys, writer, readers: Mutex::default(), live: Mutex::default(), now }))
    }

    /// Whose server this is.
    pub fn tenant(&self) -> &Tenant {
        &self.0.tenant
    }

    /// Its keys.
    pub fn keys(&self) -> &ServerKeys {
        &self.0.keys
    }

    /// The writing side.
    pub fn writer(&self) -> &Writer {
        &self.0.writer
    }

    /// The clock.
    pub fn now(&self) -> Timestamp {
        (self.0.now)()
    }

    /// Writes a line in the journal beside the database, on a thread that may block.
    pub(super) async fn journal(
        &self,
        work: impl FnOnce(&mut Journal) -> Result<(), ServerError> + Send + 'static,
    ) -> Result<(), ServerError> {
        let app = self.clone();
        let done = tokio::task::spawn_blocking(move || work(&mut Journal::open(&app.0.data)?));
        done.await.map_err(|_| ServerError::Closed)?
    }

    /// Makes this the device's one live connection. The old one, if there was one, is told to end.
    pub(super) fn go_live(&self, device: DeviceId) -> oneshot::Receiver<()> {
        let (mine, replaced) = oneshot::channel();
        if let Ok(mut live) = self.0.live.lock() {
            live.insert(device, mine);
        }
        replaced
    }

    /// Runs something on a reader's connection, on a thread that may block.
    pub async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, ServerError> + Send + 'static,
    ) -> Result<T, ServerError> {
        let app = self.clone();
        let done = tokio::task::spawn_blocking(move || app.read_here(work));
        done.await.map_err(|_| ServerError::Closed)?
    }

    /// The same on a thread that already may block.
    pub fn read_here<T>(&self, work: impl FnOnce(&Connection) -> Result<T, ServerError>) -> Result<T, ServerError> {
        let kept = self.0.readers.lock().ok().and_then(|mut r| r.pop());
        let conn = match kept {
            Some(conn) => conn,
            None => store::open_read_only(&self.0.data)?,
        };
        let done = work(&conn);
        if conn.is_autocommit()
            && let Ok(mut readers) = self.0.readers.lock()
            && readers.len() < READERS_KEPT
        {
            readers.push(conn);
        }
        done
    }
}

/// Whether the database answers.
pub(super) async fn ready(State(app): State<App>) -> (StatusCode, &'static str) {
    match app.read(|conn| store::position(conn).map(|_| ())).await {
        Ok(()) if !app.writer().is_writable() => {
            (StatusCode::SERVICE_UNAVAILABLE, "read-only: the disk cannot be written; free some space")
        }
        Ok(()) => (StatusCode::OK, "ok"),
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer"),
    }
}
