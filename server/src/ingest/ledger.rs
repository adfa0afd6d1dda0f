//! The writing side of the database: its connection, and what it keeps in memory between groups.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;
use rusqlite::{Connection, Transaction};
use sha2::{Digest, Sha256};
use sync::document::{Document, Record, directory::record_of};
use sync::id::{RecordId, ServerEpoch};
use sync::model::directory::{Directory, Entries, Revision, fold_revisions};
use sync::model::time::local_date;
use sync::wire::Ack;

use crate::audit::confirm_or_warn;
use crate::error::ServerError;
use crate::keys::Chance;
use crate::life::{Mark, begin_if_restored, generations, replay};
use crate::projection;
use crate::store::{self, AuditWhat, Tenant};

use super::accept::{Group, Incoming, Outcome, accept};
use super::rebuild::project_all;
use super::recover::{Proven, recover};
use super::rescope::rescope_all;

/// One writer.
#[derive(Debug)]
pub struct Ledger {
    conn: Connection,
    tenant: Tenant,
    directory: Arc<Directory>,
    /// SQLite's word for what other processes have written.
    seen: i64,
    /// How far the log has come, written apart from it.
    mark: Option<Mark>,
}

/// The directory's revisions as the database has them.
pub(super) fn stored_revisions(conn: &Connection, tenant: &Tenant) -> Result<Vec<Revision>, ServerError> {
    let Some(row) = store::record(conn, record_of(tenant.id))? else { return Ok(Vec::new()) };
    match Record::read(&Document::load(&row.snapshot)?, row.kind)? {
        Record::Directory(revisions) => Ok(revisions),
        _ => Err(ServerError::Stored("directory")),
    }
}

/// Changes when another connection has committed.
fn data_version(conn: &Connection) -> Result<i64, ServerError> {
    Ok(conn.prepare_cached("PRAGMA data_version")?.query_row([], |row| row.get(0))?)
}

impl Ledger {
    /// Over an open database.
    pub fn new(conn: Connection) -> Result<Self, ServerError> {
        let tenant = store::read_tenant(&conn)?;
        let directory = Arc::new(Directory::from_revisions(&stored_revisions(&conn, &tenant)?));
        let seen = data_version(&conn)?;
        Ok(Self { conn, tenant, directory, seen, mark: None })
    }

    /// Of a data folder, to serve it: a database that has been put back from a copy begins another life first.
    pub fn to_serve(data: &Path, now: Timestamp, chance: Chance<'_>) -> Result<Self, ServerError> {
        store::check_sound(data)?;
        Self::to_operate(data, now, chance)
    }

    /// The same for one of the operator's commands, without reading all of the database first.
    pub fn to_operate(data: &Path, now: Timestamp, chance: Chance<'_>) -> Result<Self, ServerError> {
        let mut conn = store::open(data)?;
        let rewritten = replay(data, &mut conn)?;
        let mark = begin_if_restored(data, &mut conn, now, chance)?;
        let mut ledger = Self { mark: Some(mark), ..Self::new(conn)? };
        ledger.begin_again(&generations(data, &rewritten)?, now)?;
        ledger.mark()?;
        // What a copy lacks is noted before new lines take the numbers of those that are lost.
        confirm_or_warn(data, &ledger.conn, now);
        Ok(ledger)
    }

    /// Another process may have written meanwhile, such as an administrator's command: the directory is read again.
    pub(super) fn catch_up(&mut self) -> Result<(), ServerError> {
        let now = data_version(&self.conn)?;
        if now != self.seen {
            // A bundle answered beside this process may have begun another life.
            self.tenant = store::read_tenant(&self.conn)?;
            self.directory = Arc::new(Directory::from_revisions(&stored_revisions(&self.conn, &self.tenant)?));
            self.seen = now;
        }
        Ok(())
    }

    /// Whose database it is.
    pub fn tenant(&self) -> &Tenant {
        &self.tenant
    }

    /// The directory as of the last commit.
    pub fn directory(&self) -> Arc<Directory> {
        self.directory.clone()
    }

    /// The folded directory, for `directory` commands.
    pub fn entries(&self) -> Result<Entries, ServerError> {
        Ok(fold_revisions(&stored_revisions(&self.conn, &self.tenant)?))
    }

    /// A reader's view of the same connection.
    pub fn connection(&self) -> &Connection {
        &self.conn
    }

    /// Admits a group of changes in one transaction. Each is judged alone; one refused never blocks the others.
    pub fn admit(&mut self, group: &[Incoming], now: Timestamp) -> Result<Vec<Outcome>, ServerError> {
        let mut directory = self.directory.clone();
        let tx = self.conn.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
        keep_scope_of_day(&tx, &directory, now)?;
        let mut outcomes = Vec::with_capacity(group.len());
        let mut remembered = Group::default();
        for incoming in group {
            let record = incoming.signed.record;
            let taken = apart(&tx, record, || accept(&tx, &self.tenant, &directory, incoming, now, &mut remembered))?;
            let Some((outcome, changed)) = taken else {
                remembered.forget(record);
                // It is no fault of its author's: the device keeps it and sends it again.
                let ack = Ack::Waiting { deps: Vec::new() };
                outcomes.push(Outcome { record, hash: None, ack, pseudonym: None });
                continue;
            };
            if let Some(changed) = changed {
                directory = adopt(&tx, &self.tenant, &directory, changed, now)?;
            }
            outcomes.push(outcome);
        }
        tx.commit()?;
        self.directory = directory;
        self.mark()?;
        Ok(outcomes)
    }

    /// Takes in again what was lost, each change alone, in the order of their positions.
    pub fn recover(&mut self, proven: &[Proven], now: Timestamp) -> Result<(), ServerError> {
        let mut directory = self.directory.clone();
        let tx = self.conn.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
        keep_scope_of_day(&tx, &directory, now)?;
        for change in proven {
            let changed = apart(&tx, change.record, || recover(&tx, &self.tenant, &directory, change, now))?;
            if let Some(changed) = changed.flatten() {
                note_rights_brought_back(&tx, change, now)?;
                directory = adopt(&tx, &self.tenant, &directory, changed, now)?;
            }
        }
        tx.commit()?;
        self.directory = directory;
        self.mark()
    }

    /// The log has once been longer than it is, and nothing but a device's receipt for `given` tells: everything was put back
    /// from a copy, the mark as well. Another life begins.
    pub(super) fn begin_another_life(&mut self, given: u64, now: Timestamp) -> Result<(), ServerError> {
        let former = self.tenant.epoch;
        let mut hash = Sha256::new();
        hash.update(b"langnghe life 1\n");
        hash.update(former.as_bytes());
        hash.update(given.to_be_bytes());
        hash.update(now.as_millisecond().to_be_bytes());
        let digest: [u8; 32] = hash.finalize().into();
        let mut epoch = [0; 16];
        epoch.copy_from_slice(&digest[..16]);
        let epoch = ServerEpoch(uuid::Builder::from_random_bytes(epoch).into_uuid());
        let begins = store::next_beginning(given.max(store::position(&self.conn)?));
        // Since when places have been given twice nobody can tell: of the former life nothing is taken for shared.
        self.write(|tx| store::begin_life(tx, &[(former, 0)], epoch, begins))?;
        tracing::warn!("a device has followed the log further than it goes: another life begins");
        self.tenant.epoch = epoch;
        self.mark()
    }

    /// Tells the mark how far the log has come.
    fn mark(&mut self) -> Result<(), ServerError> {
        if let Some(mark) = &mut self.mark {
            mark.moved(self.tenant.epoch, store::position(&self.conn)?, store::life_base(&self.conn)?);
        }
        Ok(())
    }

    /// Runs one short write in a transaction of its own.
    pub fn write<T>(
        &mut self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, ServerError>,
    ) -> Result<T, ServerError> {
        let tx = self.conn.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
        let done = work(&tx)?;
        tx.commit()?;
        self.mark()?;
        Ok(done)
    }

    /// Scopes everything again when a date has passed on which the directory may change its meaning.
    pub fn keep_day(&mut self, now: Timestamp) -> Result<(), ServerError> {
        let today = local_date(now, self.directory.zone()).to_string();
        if store::get_text(&self.conn, "scoped_on")?.as_deref() == Some(&today) {
            return Ok(());
        }
        let directory = self.directory.clone();
        self.write(|tx| keep_scope_of_day(tx, &directory, now))
    }
}

/// Does one change's part in a savepoint of its own: what goes wrong with it is undone and harms none of the others. None:
/// it could not be kept. Only a fault of the database stops the group.
fn apart<T>(
    tx: &Transaction<'_>,
    record: RecordId,
    work: impl FnOnce() -> Result<T, ServerError>,
) -> Result<Option<T>, ServerError> {
    let run = |sql: &str| tx.prepare_cached(sql)?.execute([]);
    run("SAVEPOINT one")?;
    let why = match catch_unwind(AssertUnwindSafe(work)) {
        Ok(Ok(done)) => {
            run("RELEASE one")?;
            return Ok(Some(done));
        }
        Ok(Err(error @ (ServerError::Storage(_) | ServerError::Damaged(_)))) => return Err(error),
        Ok(Err(ServerError::Database(error @ rusqlite::Error::SqliteFailure(..)))) => return Err(error.into()),
        Ok(Err(error)) => error.to_string(),
        Err(_) => "it made the program stop".to_owned(),
    };
    run("ROLLBACK TO one")?;
    run("RELEASE one")?;
    tracing::error!(%record, %why, "a change could not be kept; its device will send it again");
    Ok(None)
}

/// That somebody's rights were changed was written down once, and lost with what is brought back.
fn note_rights_brought_back(tx: &Transaction<'_>, change: &Proven, now: Timestamp) -> Result<(), ServerError> {
    let Some(author) = store::author(tx, change.author)? else { return Ok(()) };
    let what = AuditWhat::RightsChanged;
    store::audit(tx, now.as_millisecond(), &author, what, change.record, "brought back by a device", None)
}

/// The directory has changed: rows and feeds follow.
fn adopt(
    tx: &Transaction<'_>,
    tenant: &Tenant,
    before: &Directory,
    changed: Directory,
    now: Timestamp,
) -> Result<Arc<Directory>, ServerError> {
    if projection::rebuild_needed(before, &changed) {
        project_all(tx, tenant, &changed)?;
    }
    rescope_all(tx, &changed, local_date(now, changed.zone()))?;
    Ok(Arc::new(changed))
}

fn keep_scope_of_day(tx: &Transaction<'_>, directory: &Directory, now: Timestamp) -> Result<(), ServerError> {
    let today = local_date(now, directory.zone());
    let today_text = today.to_string();
    if store::get_text(tx, "scoped_on")?.as_deref() == Some(&today_text) {
        return Ok(());
    }
    rescope_all(tx, directory, today)?;
    store::put_text(tx, "scoped_on", &today_text)
}
