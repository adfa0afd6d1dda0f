//! The only entry to a replica: commands in, views out.

mod error;
mod execute;
mod home;
mod identity;
mod keys;
mod lease;
mod posts;
mod wipe;

use std::path::Path;

use jiff::{SignedDuration, Timestamp};
use rusqlite::Connection;
use sync::document::Document;
use sync::id::{Epoch, RecordId};
use sync::model::directory::{Directory, Entries};

use crate::store::directory::{DirectoryState, load_directory};
use crate::store::{meta, record, rows};
pub use error::ReplicaError;
pub(crate) use home::Home;
pub use identity::{Identity, NewIdentity};
pub use keys::DeviceKeys;
pub use lease::Lease;
pub(crate) use lease::{Contact, renew};

/// One device's database. Holds the folder's lock, the keys, and the folded directory.
#[derive(Debug)]
pub struct Replica {
    pub(crate) connection: Connection,
    pub(crate) identity: Identity,
    pub(crate) keys: DeviceKeys,
    pub(crate) directory: DirectoryState,
    /// The database is a copy put in another's place, and has written nothing since: that other may have used the numbers
    /// that are next here.
    pub(crate) copied: Option<i64>,
    /// Dropped last: the lock outlives the connection.
    _home: Home,
}

impl Replica {
    /// Opens the replica in a folder; no other process may hold it.
    pub fn open(home: &Path) -> Result<Self, ReplicaError> {
        let home = Home::open(home)?;
        let connection = crate::schema::open(&home.database(), false)?;
        Self::ready(connection, home)
    }

    /// Makes a replica of a newly enrolled device in a folder that holds none.
    pub fn create(home: &Path, identity: NewIdentity) -> Result<Self, ReplicaError> {
        Self::create_in(Home::create(home)?, identity)
    }

    /// The database takes its name only once it is whole: a crash half-way leaves a folder that is not enrolled.
    pub(crate) fn create_in(home: Home, identity: NewIdentity) -> Result<Self, ReplicaError> {
        let unfinished = home.private_file("replica.db.new")?;
        let mut connection = crate::schema::open(&unfinished, false)?;
        let tx = connection.transaction()?;
        meta::put_identity(&tx, &identity)?;
        tx.commit()?;
        connection.close().map_err(|(_, error)| error)?;
        let database = home.database();
        home.begin_anew()?;
        std::fs::rename(&unfinished, &database)
            .map_err(|error| ReplicaError::File { path: database.clone(), error })?;
        home.make_durable()?;
        home.enrolled()?;
        let connection = crate::schema::open(&database, false)?;
        Self::ready(connection, home)
    }

    fn ready(mut connection: Connection, home: Home) -> Result<Self, ReplicaError> {
        let (identity, keys) = meta::identity(&connection)?;
        let directory = load_directory(&connection, identity.tenant)?;
        let tx = connection.transaction()?;
        if !meta::filling(&tx)? {
            rows::refresh_for_directory(&tx, &directory.directory)?;
        }
        let copied = match (home.file_number()?, meta::file_number(&tx)?) {
            (Some(file), None) => {
                meta::put_file_number(&tx, file)?;
                None
            }
            (file, known) => file.filter(|file| Some(*file) != known),
        };
        tx.commit()?;
        Ok(Self { connection, identity, keys, directory, copied, _home: home })
    }

    /// Who this replica is.
    pub fn identity(&self) -> &Identity {
        &self.identity
    }

    /// The device's keys.
    pub fn keys(&self) -> &DeviceKeys {
        &self.keys
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

    /// When the last complete sync ended; none before the first.
    pub fn last_sync(&self) -> Result<Option<Timestamp>, ReplicaError> {
        meta::last_sync(&self.connection)
    }

    /// Starts a new life of this database: the next changes are a new stream.
    pub(crate) fn adopt_epoch(&mut self, epoch: Epoch) {
        self.identity.epoch = epoch;
    }
}
