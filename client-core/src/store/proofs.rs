//! What the server's receipts prove, kept for as long as a copy that a server may be put back from is old.

use std::collections::BTreeSet;

use minicbor::bytes::ByteArray;
use minicbor::{Decode, Encode};
use rusqlite::{Connection, OptionalExtension, Transaction, params};
use sync::id::{Epoch, Hash, RecordId, ServerEpoch};
use sync::wire::{MAX_PROVABLE, PositionSet, Provable};

use crate::replica::ReplicaError;

/// Receipts are kept for 90 days after the youngest change they name was received.
pub(crate) const KEPT_MILLIS: i64 = 90 * 86_400_000;

/// A change that a receipt names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub(crate) struct Item {
    /// The record it belongs to.
    #[n(0)]
    pub record: RecordId,
    /// The change.
    #[n(1)]
    pub hash: ByteArray<32>,
    /// The author's device, by its number in this database.
    #[n(2)]
    pub device: i64,
    /// The life of its database.
    #[n(3)]
    pub epoch: Epoch,
    /// Its place in the log.
    #[n(4)]
    pub position: u64,
    /// When the server took it, milliseconds since 1970.
    #[n(5)]
    pub received: i64,
}

/// Everything a frame names, in its order. Most items belong to the record, and to the life, of the one before.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Items(pub Vec<Item>);

#[derive(Encode, Decode)]
struct Packed(
    #[n(0)] Option<RecordId>,
    #[n(1)] ByteArray<32>,
    #[n(2)] i64,
    #[n(3)] u64,
    #[n(4)] i64,
    #[n(5)] Option<Epoch>,
);

impl Items {
    fn pack(&self) -> Result<Vec<u8>, ReplicaError> {
        let (mut record, mut epoch) = (None, None);
        let packed = self.0.iter().map(|i| {
            let named = (record.replace(i.record) != Some(i.record)).then_some(i.record);
            let lived = (epoch.replace(i.epoch) != Some(i.epoch)).then_some(i.epoch);
            Packed(named, i.hash, i.device, i.position, i.received, lived)
        });
        minicbor::to_vec(packed.collect::<Vec<_>>()).map_err(|_| ReplicaError::Damaged("receipt.items"))
    }

    fn unpack(bytes: &[u8]) -> Result<Self, ReplicaError> {
        let damaged = || ReplicaError::Damaged("receipt.items");
        let packed: Vec<Packed> = minicbor::decode(bytes).map_err(|_| damaged())?;
        let (mut record, mut epoch) = (None, None);
        let items = packed.into_iter().map(|Packed(named, hash, device, position, received, lived)| {
            record = named.or(record);
            epoch = lived.or(epoch);
            let (record, epoch) = (record.ok_or_else(damaged)?, epoch.ok_or_else(damaged)?);
            Ok(Item { record, hash, device, epoch, position, received })
        });
        Ok(Self(items.collect::<Result<_, ReplicaError>>()?))
    }
}

/// A frame's receipt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Receipt {
    /// The life of the server that signed it.
    pub server_epoch: ServerEpoch,
    /// SHA-256 of the frame.
    pub frame: [u8; 32],
    /// The position of its cursor.
    pub position: Option<u64>,
    /// The signature.
    pub signature: [u8; 64],
    /// What it names.
    pub items: Items,
}

/// Keeps a receipt, unless all it names is too old to be of use.
pub(crate) fn put(tx: &Transaction<'_>, receipt: &Receipt, now: i64) -> Result<(), ReplicaError> {
    let Some(latest) = receipt.items.0.iter().map(|i| i.received).max().filter(|at| *at >= now - KEPT_MILLIS) else {
        return Ok(());
    };
    let mut insert = tx.prepare_cached(
        "INSERT INTO receipt (server_epoch, frame, position, signature, latest, items) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?;
    insert.execute(params![
        receipt.server_epoch.as_bytes(),
        receipt.frame,
        receipt.position,
        receipt.signature,
        latest,
        receipt.items.pack()?
    ])?;
    Ok(())
}

/// One of them.
pub(crate) fn receipt(connection: &Connection, id: i64) -> Result<Receipt, ReplicaError> {
    let mut select = connection
        .prepare_cached("SELECT server_epoch, frame, position, signature, items FROM receipt WHERE id = ?1")?;
    type Columns = ([u8; 16], [u8; 32], Option<u64>, [u8; 64], Vec<u8>);
    let columns = select.query_row([id], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?, r.get(4)?)));
    let (epoch, frame, position, signature, items): Columns = columns?;
    let items = Items::unpack(&items)?;
    Ok(Receipt { server_epoch: ServerEpoch::from_bytes(epoch), frame, position, signature, items })
}

/// The changes of a device that receipts name, of some records.
pub(crate) fn hashes_by(
    connection: &Connection,
    device: Option<i64>,
    records: &BTreeSet<RecordId>,
) -> Result<BTreeSet<(RecordId, Hash)>, ReplicaError> {
    let mut select = connection.prepare_cached("SELECT items FROM receipt")?;
    let mut rows = select.query([])?;
    let mut found = BTreeSet::new();
    while let Some(row) = rows.next()? {
        let items = Items::unpack(row.get_ref(0)?.as_blob().map_err(|_| ReplicaError::Damaged("receipt.items"))?)?;
        let own = items.0.into_iter().filter(|i| Some(i.device) == device && records.contains(&i.record));
        found.extend(own.map(|i| (i.record, Hash(*i.hash))));
    }
    Ok(found)
}

/// Lets go of receipts that are too old to be of use, and of what could not be brought back by them.
pub(crate) fn forget_old(tx: &Transaction<'_>, now: i64) -> Result<(), ReplicaError> {
    let old = now - KEPT_MILLIS;
    tx.prepare_cached("DELETE FROM offer WHERE receipt IN (SELECT id FROM receipt WHERE latest < ?1) AND brought > 0")?
        .execute([old])?;
    tx.prepare_cached("DELETE FROM receipt WHERE latest < ?1 AND id NOT IN (SELECT receipt FROM offer)")?
        .execute([old])?;
    Ok(())
}

/// The server has been put back from a copy: of the life `followed` it holds everything up to `base`. Whatever can be
/// proved beyond it, and of every life before, is to be asked about.
pub(crate) fn begin_offer(
    tx: &Transaction<'_>,
    now_lives: ServerEpoch,
    followed: ServerEpoch,
    base: u64,
    now: i64,
) -> Result<(), ReplicaError> {
    let mut select =
        tx.prepare("SELECT id, server_epoch, position FROM receipt WHERE server_epoch <> ?1 ORDER BY id")?;
    let rows = select.query_map([now_lives.as_bytes()], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))?;
    let rows: Vec<(i64, [u8; 16], Option<u64>)> = rows.collect::<rusqlite::Result<_>>()?;
    let mut insert = tx.prepare(
        "INSERT OR IGNORE INTO offer (position, receipt, item, record, hash, since) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?;
    for (id, epoch, position) in rows {
        // What came in a frame beyond the base may be older work that had been brought back just then.
        let beyond = ServerEpoch::from_bytes(epoch) != followed || position.is_some_and(|p| p > base);
        for (number, item) in receipt(tx, id)?.items.0.iter().enumerate() {
            if beyond || item.position > base {
                let number = i64::try_from(number).map_err(|_| ReplicaError::Damaged("receipt.items"))?;
                insert.execute(params![item.position, id, number, item.record.as_bytes(), &item.hash[..4], now])?;
            }
        }
    }
    Ok(())
}

/// Of some records everything that can be proved and was received since a moment is to be asked about. Tells of which
/// there is anything.
pub(crate) fn offer_records(
    tx: &Transaction<'_>,
    records: &BTreeSet<RecordId>,
    received: i64,
    now: i64,
) -> Result<BTreeSet<RecordId>, ReplicaError> {
    if records.is_empty() {
        return Ok(BTreeSet::new());
    }
    offer_those(tx, now, |item| records.contains(&item.record) && item.received >= received)
}

/// Of some records everything that can be proved is to be brought, without asking first.
pub(crate) fn bring_records(tx: &Transaction<'_>, records: &BTreeSet<RecordId>, now: i64) -> Result<(), ReplicaError> {
    let mut lacked = tx.prepare_cached("UPDATE offer SET lacked = 1 WHERE record = ?1")?;
    for record in offer_records(tx, records, i64::MIN, now)? {
        lacked.execute([record.as_bytes()])?;
    }
    Ok(())
}

/// Everything that a device has written itself is to be asked about.
pub(crate) fn offer_by(tx: &Transaction<'_>, device: Option<i64>, now: i64) -> Result<(), ReplicaError> {
    offer_those(tx, now, |item| Some(item.device) == device).map(drop)
}

fn offer_those(
    tx: &Transaction<'_>,
    now: i64,
    which: impl Fn(&Item) -> bool,
) -> Result<BTreeSet<RecordId>, ReplicaError> {
    let mut select = tx.prepare("SELECT id, items FROM receipt ORDER BY id")?;
    let mut rows = select.query([])?;
    let mut insert = tx.prepare(
        "INSERT OR IGNORE INTO offer (position, receipt, item, record, hash, since) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?;
    let mut found = BTreeSet::new();
    while let Some(row) = rows.next()? {
        let id: i64 = row.get(0)?;
        let items = Items::unpack(row.get_ref(1)?.as_blob().map_err(|_| ReplicaError::Damaged("receipt.items"))?)?;
        for (number, item) in items.0.iter().enumerate().filter(|(_, item)| which(item)) {
            let number = i64::try_from(number).map_err(|_| ReplicaError::Damaged("receipt.items"))?;
            insert.execute(params![item.position, id, number, item.record.as_bytes(), &item.hash[..4], now])?;
            found.insert(item.record);
        }
    }
    Ok(found)
}

/// What is asked about next: what is due, and first what was brought least often.
const NEXT: &str = "SELECT * FROM offer WHERE due <= ?2 ORDER BY brought, position, hash LIMIT ?1";

/// The changes to ask about next.
pub(crate) fn provable(connection: &Connection, now: i64) -> Result<Option<Vec<Provable>>, ReplicaError> {
    let mut select = connection.prepare_cached(&format!("SELECT position, hash FROM ({NEXT})"))?;
    let found = select.query_map(params![MAX_PROVABLE as i64, now], |r| {
        Ok(Provable { position: r.get(0)?, hash: ByteArray::from(r.get::<_, [u8; 4]>(1)?) })
    })?;
    let found: Vec<Provable> = found.collect::<rusqlite::Result<_>>()?;
    Ok((!found.is_empty()).then_some(found))
}

/// So often what is lacked is brought at once; then ever more seldom, for it stands on something that others have to bring.
const AT_ONCE: i64 = 4;
const HOUR_MILLIS: i64 = 3_600_000;

/// What the server has said of the changes it was asked about: those it lacks stay, to be brought.
pub(crate) fn told(
    tx: &Transaction<'_>,
    asked: &[Provable],
    lacks: &PositionSet,
    now: i64,
) -> Result<(), ReplicaError> {
    // Lacked before, it has been brought with the question.
    let mut lacked = tx.prepare_cached(
        "UPDATE offer SET brought = brought + lacked, lacked = 1,
         due = CASE WHEN brought < ?3 THEN 0 ELSE ?4 + ?5 * (1 << min(brought - ?3, 5)) END
         WHERE position = ?1 AND hash = ?2",
    )?;
    let mut there = tx.prepare_cached("DELETE FROM offer WHERE position = ?1 AND hash = ?2")?;
    for Provable { position, hash } in asked {
        if lacks.contains(*position) {
            lacked.execute(params![position, hash.as_slice(), AT_ONCE, now, HOUR_MILLIS])?;
        } else {
            there.execute(params![position, hash.as_slice()])?;
        }
    }
    Ok(())
}

/// What cannot be brought: the change is not here any more.
pub(crate) fn drop_offer(connection: &Connection, lacked: &Lacked) -> Result<(), ReplicaError> {
    let mut delete =
        connection.prepare_cached("DELETE FROM offer WHERE position = ?1 AND receipt = ?2 AND item = ?3")?;
    delete.execute(params![lacked.position, lacked.receipt, lacked.item as u32])?;
    Ok(())
}

/// An item that the server lacks: its position, its receipt, its number there.
pub(crate) struct Lacked {
    pub position: u64,
    pub receipt: i64,
    pub item: usize,
}

/// Those among the next changes asked about.
pub(crate) fn lacked(connection: &Connection, now: i64) -> Result<Vec<Lacked>, ReplicaError> {
    let sql = format!("SELECT position, receipt, item FROM ({NEXT}) WHERE lacked = 1 ORDER BY position, hash");
    let mut select = connection.prepare_cached(&sql)?;
    let rows = select.query_map(params![MAX_PROVABLE as i64, now], |r| {
        Ok(Lacked { position: r.get(0)?, receipt: r.get(1)?, item: r.get::<_, u32>(2)? as usize })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// How many changes there are to ask about now, and how many of them the server has not answered for.
pub(crate) fn waiting(connection: &Connection, now: i64) -> Result<(u64, u64), ReplicaError> {
    let mut select =
        connection.prepare_cached("SELECT count(*), coalesce(sum(lacked = 0), 0) FROM offer WHERE due <= ?1")?;
    Ok(select.query_row([now], |r| Ok((r.get(0)?, r.get(1)?)))?)
}

/// The author of an item: device, key, user.
pub(crate) fn author(connection: &Connection, number: i64) -> Result<([u8; 16], [u8; 32], String), ReplicaError> {
    let mut select = connection.prepare_cached("SELECT device, key, user FROM device WHERE id = ?1")?;
    let found = select.query_row([number], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?))).optional()?;
    found.ok_or(ReplicaError::Damaged("device"))
}
