//! What the server noted when it admitted a record's changes, kept beside the record.

use std::collections::HashMap;

use automerge::Change;
use automerge::legacy::{Key, ObjectId};
use minicbor::{Decode, Encode};
use rusqlite::Connection;
use sync::document::{genesis_hash, read_event_key};
use sync::id::{DeviceId, EventId};
use sync::model::petition::{Receipts, Received};
use sync::model::time::from_millis;

use super::device;
use crate::replica::ReplicaError;

/// One arrival.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub(crate) struct Arrival {
    /// The author's device, by its number in this database.
    #[n(0)]
    pub device: i64,
    /// When the server took it, milliseconds since 1970.
    #[n(1)]
    pub received: i64,
    /// Its place in the log.
    #[n(2)]
    pub position: u64,
}

/// The arrivals of one record.
#[derive(Debug, Clone, Default, PartialEq, Eq, Encode, Decode)]
pub(crate) struct KeptReceipts {
    /// Of the creating change; of several made apart, the first.
    #[n(0)]
    pub created: Option<Arrival>,
    /// Of each event; of one written twice, the first.
    #[n(1)]
    pub events: Vec<(EventId, Arrival)>,
}

impl KeptReceipts {
    /// Notes the arrival of a change. Tells whether it says anything new.
    pub(crate) fn note(&mut self, change: &Change, arrival: Arrival) -> bool {
        let mut new = false;
        if let [dependency] = change.deps()
            && genesis_hash(&(*dependency).into()).is_some()
            && self.created.is_none_or(|known| arrival.position < known.position)
        {
            self.created = Some(arrival);
            new = true;
        }
        for op in change.decode().operations {
            let (ObjectId::Id(_), Key::Map(key)) = (&op.obj, &op.key) else { continue };
            let Some(event) = read_event_key(key) else { continue };
            match self.events.iter_mut().find(|(id, _)| *id == event) {
                None => self.events.push((event, arrival)),
                Some((_, known)) if arrival.position < known.position => *known = arrival,
                Some(_) => continue,
            }
            new = true;
        }
        new
    }

    /// Notes when something came, under the nil id the creation, as the server says it beside changes that were written later.
    pub(crate) fn came(&mut self, event: EventId, arrival: Arrival) {
        if event.0.is_nil() {
            self.created = Some(arrival);
            return;
        }
        match self.events.iter_mut().find(|(id, _)| *id == event) {
            None => self.events.push((event, arrival)),
            Some((_, known)) => *known = arrival,
        }
    }

    /// With the devices' ids.
    pub(crate) fn resolve(&self, connection: &Connection) -> Result<Receipts, ReplicaError> {
        let mut devices: HashMap<i64, DeviceId> = HashMap::new();
        for number in self.created.iter().chain(self.events.iter().map(|(_, a)| a)).map(|a| a.device) {
            if let std::collections::hash_map::Entry::Vacant(entry) = devices.entry(number) {
                entry.insert(device::device(connection, number)?.ok_or(ReplicaError::Damaged("device"))?);
            }
        }
        Ok(self.with_devices(|number| devices.get(&number).copied()))
    }

    /// For what asks only when something arrived.
    pub(crate) fn times(&self) -> Receipts {
        self.with_devices(|_| Some(DeviceId::from_bytes([0; 16])))
    }

    fn with_devices(&self, device: impl Fn(i64) -> Option<DeviceId>) -> Receipts {
        let received = |a: &Arrival| {
            Some(Received { at: from_millis(a.received)?, device: device(a.device)?, position: a.position })
        };
        Receipts {
            created: self.created.as_ref().and_then(received),
            events: self.events.iter().filter_map(|(id, a)| Some((*id, received(a)?))).collect(),
        }
    }
}
