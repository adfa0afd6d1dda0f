//! The writing side of the database: its connection, and what it keeps in memory between groups.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use jiff::Timestamp;
use rusqlite::{Connection, Transaction};
use sync::document::{Document, Record, directory::record_of};
use sync::model::directory::{Directory, Entries, Revision, fold_revisions};
use sync::model::time::local_date;
use sync::wire::Ack;

use crate::error::ServerError;
use crate::projection;
use crate::store::{self, Tenant};

use super::accept::{Group, Incoming, Outcome, accept};
use super::rebuild::project_all;
use super::rescope::rescope_all;

/// One writer.
#[derive(Debug)]
pub struct Ledger {
    conn: Connection,
    tenant: Tenant,
    directory: Arc<Directory>,
    /// SQLite's word for what other processes have written.
    seen: i64,
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
        Ok(Self { conn, tenant, directory, seen })
    }

    /// Another process may have written meanwhile, such as an administrator's command: the directory is read again.
    pub(super) fn catch_up(&mut self) -> Result<(), ServerError> {
        let now = data_version(&self.conn)?;
        if now != self.seen {
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
            let (outcome, changed) = apart(&tx, &self.tenant, &directory, incoming, now, &mut remembered)?;
            if let Some(changed) = changed {
                let before = std::mem::replace(&mut directory, Arc::new(changed));
                if projection::rebuild_needed(&before, &directory) {
                    project_all(&tx, &self.tenant, &directory)?;
                }
                rescope_all(&tx, &directory, local_date(now, directory.zone()))?;
            }
            outcomes.push(outcome);
        }
        tx.commit()?;
        self.directory = directory;
        Ok(outcomes)
    }

    /// Runs one short write in a transaction of its own.
    pub fn write<T>(
        &mut self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, ServerError>,
    ) -> Result<T, ServerError> {
        let tx = self.conn.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
        let done = work(&tx)?;
        tx.commit()?;
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

/// Takes one change in, in a savepoint of its own: what goes wrong with it is undone and harms none of the others. It is
/// no fault of its author's, so the device keeps it and sends it again. Only a fault of the database stops the group.
fn apart(
    tx: &Transaction<'_>,
    tenant: &Tenant,
    directory: &Directory,
    incoming: &Incoming,
    now: Timestamp,
    group: &mut Group,
) -> Result<(Outcome, Option<Directory>), ServerError> {
    let run = |sql: &str| tx.prepare_cached(sql)?.execute([]);
    run("SAVEPOINT one")?;
    let accepted = catch_unwind(AssertUnwindSafe(|| accept(tx, tenant, directory, incoming, now, group)));
    let why = match accepted {
        Ok(Ok(accepted)) => {
            run("RELEASE one")?;
            return Ok(accepted);
        }
        Ok(Err(error @ ServerError::Storage(_))) => return Err(error),
        Ok(Err(ServerError::Database(error @ rusqlite::Error::SqliteFailure(..)))) => return Err(error.into()),
        Ok(Err(error)) => error.to_string(),
        Err(_) => "it made the program stop".to_owned(),
    };
    run("ROLLBACK TO one")?;
    run("RELEASE one")?;
    let record = incoming.signed.record;
    group.forget(record);
    tracing::error!(%record, %why, "a change could not be kept; its device will send it again");
    Ok((Outcome { ack: Ack::Waiting { deps: Vec::new() } }, None))
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
