//! One command is one change is one local transaction; or many of them together.

use jiff::Timestamp;
use rusqlite::{Connection, Transaction};
use sha2::{Digest, Sha256};
use sync::document::Record;
use sync::id::Epoch;

use super::{Identity, Replica, ReplicaError};
use crate::command::{Command, CommandError, Done, Ground, write};
use crate::outbox;
use crate::replica::DeviceKeys;
use crate::store::directory::DirectoryState;
use crate::store::{meta, pseudonyms, record, rows};

impl Replica {
    /// Does one command, durably. `now`: the device's clock, put right ([`Replica::clock`]).
    pub fn execute(&mut self, command: Command, now: Timestamp) -> Result<Done, CommandError> {
        self.may_do([&command], now)?;
        self.in_transaction(Some(&command), |tx, writer| writer.run(tx, &command, now))
    }

    /// The same, with something beside it in its transaction; `first`: what must be there before.
    pub(crate) fn execute_with(
        &mut self,
        command: Command,
        now: Timestamp,
        first: impl FnOnce(&Transaction<'_>) -> Result<(), ReplicaError>,
        beside: impl FnOnce(&Transaction<'_>, &Identity, &DeviceKeys) -> Result<(), CommandError>,
    ) -> Result<Done, CommandError> {
        self.may_do([&command], now)?;
        self.in_transaction(Some(&command), |tx, writer| {
            first(tx)?;
            let done = writer.run(tx, &command, now)?;
            beside(tx, writer.identity, writer.keys)?;
            Ok(done)
        })
    }

    /// Does several commands in one transaction: all, or none.
    pub fn execute_together(&mut self, commands: &[Command], now: Timestamp) -> Result<Vec<Done>, CommandError> {
        self.may_do(commands, now)?;
        self.in_transaction(commands.first(), |tx, writer| commands.iter().map(|c| writer.run(tx, c, now)).collect())
    }

    /// Does what can be done of many commands in one transaction, each judged by itself; for imports. The error is the
    /// database's: then nothing was done.
    pub fn execute_all(
        &mut self,
        commands: &[Command],
        now: Timestamp,
    ) -> Result<Vec<Result<Done, CommandError>>, ReplicaError> {
        self.may_do(commands, now)?;
        self.in_transaction(commands.first(), |tx, writer| {
            let each = commands.iter().map(|c| match writer.run(tx, c, now) {
                Err(CommandError::Replica(error)) => Err(error),
                judged => Ok(judged),
            });
            each.collect()
        })
    }

    /// Does a command in place of a refused one, which leaves the outbox: it is the author's own, whatever the lease.
    pub(crate) fn execute_instead_of(
        &mut self,
        seq: i64,
        command: Command,
        now: Timestamp,
    ) -> Result<Done, CommandError> {
        self.in_transaction(Some(&command), |tx, writer| {
            tx.prepare_cached("DELETE FROM outbox WHERE seq = ?1 AND state = 'refused'")?.execute([seq])?;
            writer.run(tx, &command, now)
        })
    }

    /// The first command gives a copy its fresh epoch: it has ids that were never before.
    fn in_transaction<T, E: From<ReplicaError>>(
        &mut self,
        first: Option<&Command>,
        run: impl FnOnce(&Transaction<'_>, &mut Writer<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let Self { connection, identity, keys, directory, copied, .. } = self;
        let tx = begin(connection)?;
        let mut lives = identity.clone();
        if let (Some(file), Some(command)) = (*copied, first) {
            lives.epoch = epoch_after_copy(&lives, command)?;
            meta::put_epoch(&tx, lives.epoch)?;
            meta::put_file_number(&tx, file)?;
        }
        let mut writer = Writer { identity: &lives, keys, before: directory, changed: None };
        let done = run(&tx, &mut writer)?;
        let changed = writer.changed;
        tx.commit().map_err(ReplicaError::from)?;
        if first.is_some() {
            *copied = None;
        }
        *identity = lives;
        if let Some(changed) = changed {
            *directory = changed;
        }
        Ok(done)
    }
}

/// A life that no other copy of this database has: made of the command's own random ids.
fn epoch_after_copy(identity: &Identity, command: &Command) -> Result<Epoch, ReplicaError> {
    let command = serde_json::to_vec(command).map_err(|_| ReplicaError::Damaged("command"))?;
    let mut hash = Sha256::new();
    hash.update(b"langnghe epoch after a copy 1\n");
    hash.update(identity.device.as_bytes());
    hash.update(identity.epoch.as_bytes());
    hash.update(&command);
    let digest: [u8; 32] = hash.finalize().into();
    let mut epoch = [0; 16];
    epoch.copy_from_slice(&digest[..16]);
    Ok(Epoch::from_bytes(epoch))
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
        let pseudonym = pseudonyms::of(tx, id)?;
        let judged = write(&ground, command, before.as_ref(), pseudonym.as_ref())?;
        let written = &judged.written;
        if stored.is_none() {
            record::put_new(tx, id, command.kind())?;
        }
        let unsent = outbox::Unsent {
            record: id,
            hash: written.hash,
            epoch: judged.epoch,
            bytes: written.bytes.clone(),
            signature: judged.signature,
            pseudonym: judged.pseudonym,
        };
        outbox::add(tx, &unsent, command)?;
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
