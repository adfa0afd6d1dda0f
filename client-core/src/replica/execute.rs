//! One command is one change is one local transaction; or many of them together.

use jiff::Timestamp;
use rusqlite::{Connection, Transaction};
use sync::document::Record;

use super::{Identity, Replica, ReplicaError};
use crate::command::{Command, CommandError, Done, Ground, write};
use crate::outbox;
use crate::replica::DeviceKeys;
use crate::store::directory::DirectoryState;
use crate::store::{meta, record, rows};

impl Replica {
    /// Does one command, durably. `now`: the device's clock, put right ([`Replica::clock`]).
    pub fn execute(&mut self, command: Command, now: Timestamp) -> Result<Done, CommandError> {
        self.in_transaction(|tx, writer| writer.run(tx, &command, now))
    }

    /// Does several commands in one transaction: all, or none.
    pub fn execute_together(&mut self, commands: &[Command], now: Timestamp) -> Result<Vec<Done>, CommandError> {
        self.in_transaction(|tx, writer| commands.iter().map(|c| writer.run(tx, c, now)).collect())
    }

    /// Does what can be done of many commands in one transaction, each judged by itself; for imports. The error is the
    /// database's: then nothing was done.
    pub fn execute_all(
        &mut self,
        commands: &[Command],
        now: Timestamp,
    ) -> Result<Vec<Result<Done, CommandError>>, ReplicaError> {
        self.in_transaction(|tx, writer| {
            let each = commands.iter().map(|c| match writer.run(tx, c, now) {
                Err(CommandError::Replica(error)) => Err(error),
                judged => Ok(judged),
            });
            each.collect()
        })
    }

    /// Does a command in place of a refused one, which leaves the outbox.
    pub(crate) fn execute_instead_of(
        &mut self,
        seq: i64,
        command: Command,
        now: Timestamp,
    ) -> Result<Done, CommandError> {
        self.in_transaction(|tx, writer| {
            tx.prepare_cached("DELETE FROM outbox WHERE seq = ?1 AND state = 'refused'")?.execute([seq])?;
            writer.run(tx, &command, now)
        })
    }

    fn in_transaction<T, E: From<ReplicaError>>(
        &mut self,
        run: impl FnOnce(&Transaction<'_>, &mut Writer<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let Self { connection, identity, keys, directory, .. } = self;
        let tx = begin(connection)?;
        let mut writer = Writer { identity, keys, before: directory, changed: None };
        let done = run(&tx, &mut writer)?;
        let changed = writer.changed;
        tx.commit().map_err(ReplicaError::from)?;
        if let Some(changed) = changed {
            *directory = changed;
        }
        Ok(done)
    }
}

fn begin(connection: &mut Connection) -> Result<Transaction<'_>, ReplicaError> {
    Ok(connection.transaction()?)
}

/// Writes commands inside one transaction. A directory changed by one of them is what the next is judged by; it
/// becomes the replica's when the transaction is committed.
struct Writer<'a> {
    identity: &'a Identity,
    keys: &'a DeviceKeys,
    before: &'a DirectoryState,
    changed: Option<DirectoryState>,
}

impl Writer<'_> {
    /// Judges first and writes only what may be kept: a command that is refused leaves no trace.
    fn run(&mut self, tx: &Transaction<'_>, command: &Command, now: Timestamp) -> Result<Done, CommandError> {
        let id = command.record(self.identity.tenant);
        let stored = record::stored(tx, id)?;
        let before = match &stored {
            Some(stored) => record::with_unsent(tx, id, stored.kind, stored.acked.as_ref())?,
            None => None,
        };
        let state = self.changed.as_ref().unwrap_or(self.before);
        let ground = Ground {
            tenant: self.identity.tenant,
            device: self.identity.device,
            user: &self.identity.user,
            key: &self.keys.signing,
            epoch: self.identity.epoch,
            directory: &state.directory,
            now,
            again: false,
        };
        let judged = write(&ground, command, before.as_ref())?;
        let written = &judged.written;
        if stored.is_none() {
            record::put_new(tx, id, command.kind())?;
        }
        outbox::add(tx, id, written.hash, ground.epoch, &written.bytes, &judged.signature, command)?;
        let receipts = stored.map(|s| s.receipts).unwrap_or_default();
        let pending = outbox::count_of(tx, id)?;
        rows::put(tx, id, &judged.read, &receipts, pending, &state.directory)?;
        if let Record::Directory(revisions) = &judged.read {
            let state = DirectoryState::from_revisions(revisions);
            if !meta::filling(tx)? {
                rows::refresh_for_directory(tx, &state.directory)?;
            }
            self.changed = Some(state);
        }
        Ok(command.done(self.identity.tenant))
    }
}
