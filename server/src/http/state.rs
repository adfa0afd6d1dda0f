//! What every handler may use.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::extract::State;
use axum::http::StatusCode;
use jiff::Timestamp;
use rusqlite::Connection;
use sync::id::DeviceId;
use tokio::sync::{oneshot, watch};

use super::wrong_codes::{WrongCodes, tell_left_out};
use crate::audit::confirm;
use crate::error::ServerError;
use crate::ingest::Writer;
use crate::keys::ServerKeys;
use crate::life::Journal;
use crate::store::{self, Tenant};

/// Readers kept open between requests.
const READERS_KEPT: usize = 8;

/// How long somebody who was shut out may go on with what was begun before.
const LOOK_EVERY: Duration = Duration::from_secs(1);

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
    shut_out: watch::Sender<Arc<HashSet<DeviceId>>>,
    wrong_codes: WrongCodes,
    now: fn() -> Timestamp,
}

impl App {
    /// Over a started writer.
    pub fn new(data: PathBuf, tenant: Tenant, keys: ServerKeys, writer: Writer, now: fn() -> Timestamp) -> Self {
        let (readers, live, shut_out) = (Mutex::default(), Mutex::default(), watch::Sender::default());
        let wrong_codes = WrongCodes::default();
        Self(Arc::new(Inner { data, tenant, keys, writer, readers, live, shut_out, wrong_codes, now }))
    }

    /// Its data folder.
    pub(super) fn data(&self) -> &Path {
        &self.0.data
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

    /// What is known of wrong codes.
    pub(super) fn wrong_codes(&self) -> &WrongCodes {
        &self.0.wrong_codes
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

    /// Looks every second who was shut out meanwhile, be it here or by the operator's command, as long as the server runs.
    pub(super) async fn watch_revocations(self) {
        loop {
            // What cannot be read now is read the next time; every request asks the database itself.
            if let Ok(found) = self.read(store::revoked).await {
                let found: HashSet<DeviceId> = found.into_iter().collect();
                self.0.shut_out.send_if_modified(|known| {
                    let more = **known != found;
                    if more {
                        *known = Arc::new(found);
                    }
                    more
                });
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }

    /// Confirms every second what was written down in the audit, be it here or by the operator's command, and tells what was
    /// left out, as long as the server runs.
    pub(super) async fn keep_audit(self) {
        let (mut confirmed, mut counts_due, mut failing) = (None, true, false);
        loop {
            let now = self.now();
            let at = now.as_millisecond();
            let codes = self.wrong_codes().left_out(now);
            if counts_due || codes > 0 {
                let told = self.writer().write(move |tx| {
                    tell_left_out(tx, at, codes)?;
                    store::tell_counts(tx, at)
                });
                if let Err(error) = told.await {
                    tracing::warn!(%error, "what was left out of the audit could not be written down");
                }
            }
            // What cannot be read or confirmed now is the next time.
            let found = self.read(move |conn| Ok((store::audit_head(conn)?, store::counts_are_due(conn, at)?))).await;
            if let Ok((head, due)) = found {
                counts_due = due;
                if confirmed != Some(head) {
                    let done = self.confirm_audit().await;
                    if let (Err(error), false) = (&done, failing) {
                        tracing::error!(%error, "the audit cannot be confirmed in journal/audit");
                    }
                    failing = done.is_err();
                    confirmed = done.ok().map(|()| head);
                }
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }

    /// Confirms what was written down in the audit.
    pub(super) async fn confirm_audit(&self) -> Result<(), ServerError> {
        let (data, now) = (self.0.data.clone(), self.now());
        self.read(move |conn| confirm(&data, conn, now)).await
    }

    /// Whether a device was shut out, as far as was seen a second ago: for what has been let in before and goes on.
    pub(super) fn is_shut_out(&self, device: DeviceId) -> bool {
        self.0.shut_out.borrow().contains(&device)
    }

    /// Tells when somebody is shut out.
    pub(super) fn shut_out(&self) -> watch::Receiver<Arc<HashSet<DeviceId>>> {
        self.0.shut_out.subscribe()
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
