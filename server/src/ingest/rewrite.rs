//! Another generation of a petition's document: what the former one said is gone from everywhere here.

use jiff::Timestamp;
use minicbor::bytes::{ByteArray, ByteVec};
use minicbor::{Decode, Encode};
use rusqlite::{Connection, Transaction};
use sync::id::{DeviceId, Epoch, EventId, Hash, RecordId};
use sync::model::directory::Directory;
use sync::wire::{Erased, hash_of};

use super::accept::CREATION;
use super::ledger::Ledger;
use super::recover::{Proven, recover};
use crate::error::ServerError;
use crate::store::{self, EventReceipts, Place, Rewritten, Tenant};

/// Everything that a database put back from a copy needs to take the words out again.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Generation {
    /// What devices are told.
    #[n(0)]
    pub erased: Erased,
    /// Its author: the administrator's device, its key and user.
    #[n(1)]
    pub author: Author,
    /// Its changes, in order.
    #[n(2)]
    pub changes: Vec<GenerationChange>,
    /// When what happened before came.
    #[n(3)]
    pub arrivals: Vec<Arrival>,
}

/// A device as an author.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Author {
    /// Its id.
    #[n(0)]
    pub device: DeviceId,
    /// Its signing key.
    #[n(1)]
    pub key: ByteArray<32>,
    /// Its user.
    #[n(2)]
    pub user: String,
}

/// One change of it.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct GenerationChange {
    /// The whole chunk.
    #[n(0)]
    pub bytes: ByteVec,
    /// The author's.
    #[n(1)]
    pub signature: ByteArray<64>,
    /// The life of the author's database.
    #[n(2)]
    pub epoch: Epoch,
    /// Its place in the log.
    #[n(3)]
    pub position: u64,
}

/// When one event came, or the petition itself, under the nil id.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Arrival {
    /// Which.
    #[n(0)]
    pub event: EventId,
    /// From whom.
    #[n(1)]
    pub author: Author,
    /// Milliseconds since 1970.
    #[n(2)]
    pub received: i64,
    /// Its place in the log.
    #[n(3)]
    pub position: u64,
}

impl Generation {
    /// The petition.
    pub fn record(&self) -> RecordId {
        RecordId(self.erased.person.0)
    }

    fn number(&self) -> u32 {
        self.erased.generation.unwrap_or(0)
    }

    /// What was noted of a record's events, with whom they came from.
    pub fn arrivals(conn: &Connection, receipts: &EventReceipts) -> Result<Vec<Arrival>, ServerError> {
        let arrivals = receipts.0.iter().map(|(event, device, received, position)| {
            let device = store::device_by_index(conn, *device)?;
            let author = Author { device: device.id, key: ByteArray::from(device.key), user: device.user.0 };
            Ok(Arrival { event: EventId::from_bytes(**event), author, received: *received, position: *position })
        });
        arrivals.collect()
    }

    fn receipts(&self, tx: &Transaction<'_>) -> Result<EventReceipts, ServerError> {
        let mut receipts = EventReceipts::default();
        for Arrival { event, author, received, position } in &self.arrivals {
            let device = match store::author(tx, author.device)? {
                Some(known) => known.index,
                None => store::add_author(tx, author.device, &author.user, &author.key)?,
            };
            receipts.add(*event, device, *received, *position);
        }
        Ok(receipts)
    }

    /// Takes it in, unless it is there or a later one is. Gives whether it was.
    pub(super) fn begin(
        &self,
        tx: &Transaction<'_>,
        tenant: &Tenant,
        directory: &Directory,
        now: Timestamp,
    ) -> Result<bool, ServerError> {
        store::note_erased(tx, &self.erased)?;
        let record = self.record();
        if store::rewritten(tx, record)?.is_some_and(|there| there.generation >= self.number()) {
            return Ok(false);
        }
        let missing = || ServerError::Stored("generation");
        let creation: Hash = self.changes.first().and_then(|c| hash_of(&c.bytes)).ok_or_else(missing)?;
        let index = store::record(tx, record)?.map(|row| row.index);
        let rewritten = Rewritten { generation: self.number(), creation, receipts: self.receipts(tx)? };
        store::begin_generation(tx, record, index, &rewritten)?;
        let received_at = self.erased.at;
        for change in &self.changes {
            let proven = Proven {
                record,
                author: self.author.device,
                key: *self.author.key,
                user: self.author.user.clone(),
                epoch: change.epoch,
                place: Place { position: change.position, received_at },
                bytes: change.bytes.to_vec(),
                signature: Some(*change.signature),
            };
            recover(tx, tenant, directory, &proven, now)?;
        }
        Ok(true)
    }

    /// The petition's creation, as it came.
    pub fn created(&self) -> Option<&Arrival> {
        self.arrivals.iter().find(|arrival| arrival.event == CREATION)
    }
}

impl Ledger {
    /// Takes words out that a copy put back still has. Tells of how many petitions.
    pub(super) fn begin_again(&mut self, generations: &[Generation], now: Timestamp) -> Result<u64, ServerError> {
        let (tenant, directory) = (self.tenant().clone(), self.directory());
        let mut begun = 0;
        for generation in generations {
            let new = self.write(|tx| generation.begin(tx, &tenant, &directory, now))?;
            if new {
                tracing::warn!(record = %generation.record(), "a petition's words are taken out again");
            }
            begun += u64::from(new);
        }
        if begun > 0 {
            self.connection().query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
        }
        Ok(begun)
    }

    /// Begins another generation of a petition's document; `make` is given its row and makes it, under the positions it is given,
    /// and keeps it apart from the database first.
    pub fn rewrite(
        &mut self,
        now: Timestamp,
        make: impl FnOnce(&Transaction<'_>) -> Result<Generation, ServerError>,
    ) -> Result<Generation, ServerError> {
        self.catch_up()?;
        let (tenant, directory) = (self.tenant().clone(), self.directory());
        self.write(|tx| {
            let generation = make(tx)?;
            generation.begin(tx, &tenant, &directory, now)?;
            Ok(generation)
        })
    }
}
