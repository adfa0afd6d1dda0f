//! What a server put back from a copy has lost, brought back to it with the receipts that prove it.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap};

use automerge::Change;
use minicbor::bytes::{ByteArray, ByteVec};
use rusqlite::Connection;
use sync::document::Document;
use sync::id::{DeviceId, Hash, RecordId};
use sync::leaf::Leaf;
use sync::signed::ChangeClaim;
use sync::wire::{DeviceRow, Offer, Offered, OfferedChange, SyncRequest};

use crate::replica::{Replica, ReplicaError};
use crate::store::proofs::{self, Item, Lacked, Receipt};
use crate::store::{departed, record};

/// About so many bytes of changes in one request.
const MAX_BYTES: usize = 2 * 1024 * 1024;

/// A leaf as it travels.
const LEAF_BYTES: usize = 36;

/// Puts into a request what is to be asked about, and brings what the server was found to lack.
pub(super) fn fill_in(replica: &Replica, request: &mut SyncRequest, now: i64) -> Result<(), ReplicaError> {
    let connection = &replica.connection;
    if proofs::waiting(connection, now)?.0 == 0 {
        return Ok(());
    }
    let mut documents = Documents::default();
    let mut by_receipt: BTreeMap<i64, HashMap<usize, OfferedChange>> = BTreeMap::new();
    let mut bytes = 0;
    let mut open: Option<(i64, Receipt)> = None;
    for lacked in proofs::lacked(connection, now)? {
        let Lacked { receipt: id, item, .. } = lacked;
        let receipt = match open.take().filter(|(open, _)| *open == id) {
            Some((_, receipt)) => receipt,
            None => proofs::receipt(connection, id)?,
        };
        let found = receipt.items.0.get(item).map(|item| change(replica, item, &mut documents)).transpose()?.flatten();
        open = Some((id, receipt));
        let Some(change) = found else {
            proofs::drop_offer(connection, &lacked)?;
            continue;
        };
        // The leaves of the others in its frame weigh too, once for each frame.
        let leaves = if by_receipt.contains_key(&id) {
            0
        } else {
            LEAF_BYTES * open.as_ref().map_or(0, |(_, r)| r.items.0.len())
        };
        bytes += change.bytes.len() + leaves;
        by_receipt.entry(id).or_default().insert(item, change);
        if bytes >= MAX_BYTES {
            break;
        }
    }
    let offers = by_receipt.into_iter().map(|(id, changes)| {
        let receipt = proofs::receipt(connection, id)?;
        offer(connection, &receipt, changes)
    });
    let offers = offers.collect::<Result<Vec<_>, ReplicaError>>()?;
    request.provable = proofs::provable(connection, now)?;
    request.offers = (!offers.is_empty()).then_some(offers);
    Ok(())
}

/// An item's change, if it is still here; with this device's signature where it is the author.
fn change(replica: &Replica, item: &Item, documents: &mut Documents) -> Result<Option<OfferedChange>, ReplicaError> {
    let hash = Hash(*item.hash);
    let Some(change) = documents.change(&replica.connection, item.record, &hash)? else { return Ok(None) };
    let identity = replica.identity();
    let (device, ..) = proofs::author(&replica.connection, item.device)?;
    let signature = (DeviceId::from_bytes(device) == identity.device).then(|| {
        let claim = ChangeClaim {
            tenant: identity.tenant,
            device: identity.device,
            record: item.record,
            epoch: item.epoch,
            seq: change.seq(),
            hash,
        };
        ByteArray::from(claim.sign(&replica.keys().signing))
    });
    Ok(Some(OfferedChange {
        record: item.record,
        device: 0,
        epoch: item.epoch,
        position: item.position,
        received: item.received,
        bytes: ByteVec::from(change.raw_bytes().to_vec()),
        signature,
    }))
}

/// Records' documents, read once.
#[derive(Default)]
struct Documents(HashMap<RecordId, Option<Document>>);

impl Documents {
    /// A change of a record that is here, or this device's own of one that has left.
    fn change(&mut self, connection: &Connection, id: RecordId, hash: &Hash) -> Result<Option<Change>, ReplicaError> {
        if let Entry::Vacant(entry) = self.0.entry(id) {
            entry.insert(record::stored(connection, id)?.and_then(|stored| stored.acked));
        }
        if let Some(change) = self.0.get(&id).and_then(Option::as_ref).and_then(|d| d.change(hash)) {
            return Ok(Some(change));
        }
        let kept = departed::own_change(connection, hash)?;
        kept.map(|b| Change::try_from(b.as_slice()).map_err(|_| ReplicaError::Damaged("own_change"))).transpose()
    }
}

/// A receipt with some of its changes, and the leaves of the others.
fn offer(
    connection: &Connection,
    receipt: &Receipt,
    mut changes: HashMap<usize, OfferedChange>,
) -> Result<Offer, ReplicaError> {
    let mut devices: Vec<DeviceRow> = Vec::new();
    let mut numbers: HashMap<i64, u32> = HashMap::new();
    let mut items = Vec::with_capacity(receipt.items.0.len());
    for (number, item) in receipt.items.0.iter().enumerate() {
        let index = match numbers.get(&item.device) {
            Some(index) => *index,
            None => {
                let (device, key, user) = proofs::author(connection, item.device)?;
                let index = u32::try_from(devices.len()).map_err(|_| ReplicaError::Damaged("device"))?;
                devices.push(DeviceRow { device: DeviceId::from_bytes(device), key: ByteArray::from(key), user });
                *numbers.entry(item.device).or_insert(index)
            }
        };
        items.push(match changes.remove(&number) {
            Some(change) => Offered::Change(OfferedChange { device: index, ..change }),
            None => Offered::Leaf(ByteArray::from(leaf(item, &devices[index as usize]).digest())),
        });
    }
    Ok(Offer {
        server_epoch: receipt.server_epoch,
        frame: ByteArray::from(receipt.frame),
        position: receipt.position,
        receipt: ByteArray::from(receipt.signature),
        devices,
        items,
    })
}

fn leaf<'a>(item: &Item, author: &'a DeviceRow) -> Leaf<'a> {
    Leaf {
        record: item.record,
        hash: Hash(*item.hash),
        device: author.device,
        key: &author.key,
        user: &author.user,
        position: item.position,
        received: item.received,
    }
}
