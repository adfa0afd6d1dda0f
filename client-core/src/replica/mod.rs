//! The only entry to a replica: commands in, views out.

#[cfg(not(target_family = "wasm"))]
mod encryption;
mod enrolling;
mod error;
mod execute;
mod home;
mod identity;
mod keys;
mod lease;
mod lock;
mod posts;
mod wipe;

use std::path::Path;

use jiff::{SignedDuration, Timestamp};
use rusqlite::Connection;
use sync::document::Document;
use sync::id::{Epoch, RecordId};
use sync::model::directory::{Directory, Entries};
use sync::wire::CLOCK_TOLERANCE_MILLIS;

use crate::store::directory::{DirectoryState, load_directory};
use crate::store::{meta, record, rows};
use crate::vault::Pin;
pub use error::ReplicaError;
use home::Home;
#[cfg(target_family = "wasm")]
pub use home::{StorageError, prepare};
pub use identity::{Identity, NewIdentity};
pub use keys::DeviceKeys;
pub use lease::Lease;
pub(crate) use lease::{Contact, renew};
use lock::Unlocked;

/// One device's database, encrypted. Holds the folder's lock, the keys, and the folded directory.
#[derive(Debug)]
pub struct Replica {
    pub(crate) connection: Connection,
    pub(crate) identity: Identity,
    pub(crate) keys: DeviceKeys,
    pub(crate) directory: DirectoryState,
    /// The database is a copy put in another's place, and has written nothing since: that other may have used the numbers
    /// that are next here.
    pub(crate) copied: Option<i64>,
    /// How many syncs have been begun on it since it was opened.
    runs: u64,
    unlocked: Unlocked,
    /// Dropped last: the lock outlives the connection.
    home: Home,
}

impl Replica {
    /// Opens the replica in a folder; no other process may hold it. A PIN is needed where the replica has one, and passed over
    /// where it has none. `now` is for the waits after wrong PINs. `rng` fills a buffer from the system's secure source: a
    /// replica of a program that did not encrypt is encrypted here.
    ///
    /// # Errors
    /// [`ReplicaError::PinNeeded`], [`ReplicaError::WrongPin`] or [`ReplicaError::PinWait`] when the PIN does not open it;
    /// the others when there is none, or it cannot be used.
    pub fn open(
        home: &Path,
        pin: Option<&Pin>,
        now: Timestamp,
        rng: &mut dyn FnMut(&mut [u8]),
    ) -> Result<Self, ReplicaError> {
        let home = Home::open(home)?;
        let unlocked = unlock(&home, pin, now, rng)?;
        let connection = crate::schema::open(&home.database(), &unlocked.key, false)?;
        Self::ready(connection, home, unlocked)
    }

    /// Makes a replica, without a PIN, of a newly enrolled device in a folder that holds none.
    pub fn create(home: &Path, identity: NewIdentity, rng: &mut dyn FnMut(&mut [u8])) -> Result<Self, ReplicaError> {
        let home = Home::create(home)?;
        let unlocked = lock::key_for_new(&home, None, Timestamp::UNIX_EPOCH, rng)?;
        Self::create_in(home, unlocked, &identity)
    }

    /// The database takes its name only once it is whole: a crash half-way leaves a folder that is not enrolled.
    fn create_in(home: Home, unlocked: Unlocked, identity: &NewIdentity) -> Result<Self, ReplicaError> {
        let unfinished = home.unfinished_database()?;
        let mut connection = crate::schema::open(&unfinished, &unlocked.key, true)?;
        let tx = connection.transaction()?;
        meta::put_identity(&tx, identity)?;
        tx.commit()?;
        connection.close().map_err(|(_, error)| error)?;
        home.begin_anew()?;
        home.finish_database()?;
        enrolling::done(&home)?;
        let connection = crate::schema::open(&home.database(), &unlocked.key, false)?;
        Self::ready(connection, home, unlocked)
    }

    fn ready(mut connection: Connection, home: Home, unlocked: Unlocked) -> Result<Self, ReplicaError> {
        let (identity, keys) = meta::identity(&connection)?;
        let directory = load_directory(&connection, identity.tenant)?;
        let tx = connection.transaction()?;
        if !meta::filling(&tx)? {
            rows::refresh_for_directory(&tx, &directory.directory)?;
        }
        let copied = match (Home::file_number(&home.database())?, meta::file_number(&tx)?) {
            (Some(file), None) => {
                meta::put_file_number(&tx, file)?;
                None
            }
            (file, known) => file.filter(|file| Some(*file) != known),
        };
        tx.commit()?;
        Ok(Self { connection, identity, keys, directory, copied, runs: 0, unlocked, home })
    }

    /// Who this replica is.
    pub fn identity(&self) -> &Identity {
        &self.identity
    }

    /// The device's keys.
    pub fn keys(&self) -> &DeviceKeys {
        &self.keys
    }

    /// Whether a PIN opens this replica.
    pub fn has_pin(&self) -> bool {
        self.unlocked.pin
    }

    /// From here on this PIN opens the replica, or none is needed. The database's key stays: it is only wrapped anew, in one
    /// step. `rng` fills a buffer from the system's secure source.
    ///
    /// # Errors
    /// [`ReplicaError::File`] when the key file cannot be written: the PIN is what it was.
    pub fn set_pin(&mut self, pin: Option<&Pin>, rng: &mut dyn FnMut(&mut [u8])) -> Result<(), ReplicaError> {
        lock::write_key(&self.home, &self.unlocked.key, pin, rng)?;
        self.unlocked.pin = pin.is_some();
        Ok(())
    }

    /// The directory, folded from what is here: acknowledged and not yet sent.
    pub fn directory(&self) -> &Directory {
        &self.directory.directory
    }

    /// The same before it was given types: what `directory apply` compares with.
    pub fn entries(&self) -> &Entries {
        &self.directory.entries
    }

    /// For views: they read typed columns.
    pub fn connection(&self) -> &Connection {
        &self.connection
    }

    /// A record's document: acknowledged and not yet sent. None when it is not here.
    pub fn document(&self, record: RecordId) -> Result<Option<Document>, ReplicaError> {
        record::document(&self.connection, record)
    }

    /// When the server took a petition and its events, as far as it has acknowledged them.
    pub fn receipts(&self, record: RecordId) -> Result<sync::model::petition::Receipts, ReplicaError> {
        let kept = record::receipts(&self.connection, record)?;
        kept.resolve(&self.connection)
    }

    /// Whether a record is here.
    pub fn has(&self, record: RecordId) -> Result<bool, ReplicaError> {
        record::exists(&self.connection, record)
    }

    /// The device's clock put right by the offset learnt from the server: what commands should be stamped with.
    pub fn clock(&self, device: Timestamp) -> Result<Timestamp, ReplicaError> {
        let offset = SignedDuration::from_millis(meta::clock_offset(&self.connection)?);
        Ok(device.checked_add(offset).unwrap_or(device))
    }

    /// By how much the device's clock is ahead of the server's, where it is off by more than the server lets pass.
    pub fn clock_off(&self) -> Result<Option<SignedDuration>, ReplicaError> {
        let ahead = -meta::clock_offset(&self.connection)?;
        Ok((ahead.abs() > CLOCK_TOLERANCE_MILLIS).then(|| SignedDuration::from_millis(ahead)))
    }

    /// When the last complete sync ended; none before the first.
    pub fn last_sync(&self) -> Result<Option<Timestamp>, ReplicaError> {
        meta::last_sync(&self.connection)
    }

    /// A sync begins: its number.
    pub(crate) fn begin_run(&mut self) -> u64 {
        self.runs += 1;
        self.runs
    }

    /// Whether no other sync has been begun since.
    pub(crate) fn is_last_run(&self, number: u64) -> bool {
        self.runs == number
    }

    /// Starts a new life of this database: the next changes are a new stream.
    pub(crate) fn adopt_epoch(&mut self, epoch: Epoch) {
        self.identity.epoch = epoch;
    }
}

/// Opens the folder's key file, and encrypts the database first where a program before has not.
#[cfg_attr(target_family = "wasm", expect(unused_variables, reason = "no program has written plain ones there"))]
fn unlock(
    home: &Home,
    pin: Option<&Pin>,
    now: Timestamp,
    rng: &mut dyn FnMut(&mut [u8]),
) -> Result<Unlocked, ReplicaError> {
    #[cfg(not(target_family = "wasm"))]
    if encryption::is_plain(&home.database())? {
        return encryption::encrypt(home, pin, now, rng);
    }
    lock::unlock(home, pin, now)?.ok_or_else(|| ReplicaError::KeyMissing(home.file(home::KEY)))
}

/// A folder where a device is being enrolled: locked, with the database's key made and the device's keys kept under it.
#[derive(Debug)]
pub(crate) struct Enrolling {
    home: Home,
    unlocked: Unlocked,
    /// What the device is to the server.
    pub keys: DeviceKeys,
}

impl Enrolling {
    /// Begins, or goes on where the answer to this code (its hash) has not come. The PIN is the replica's; `rng` fills a
    /// buffer from the system's secure source.
    pub fn begin(
        home: &Path,
        code: &[u8; 32],
        pin: Option<&Pin>,
        now: Timestamp,
        rng: &mut dyn FnMut(&mut [u8]),
    ) -> Result<Self, ReplicaError> {
        let home = Home::create(home)?;
        let unlocked = lock::key_for_new(&home, pin, now, rng)?;
        let keys = enrolling::keys(&home, &unlocked.key, code, rng)?;
        Ok(Self { home, unlocked, keys })
    }

    /// The server has answered.
    pub fn finish(self, identity: &NewIdentity) -> Result<Replica, ReplicaError> {
        Replica::create_in(self.home, self.unlocked, identity)
    }
}
