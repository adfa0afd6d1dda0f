//! Filling frames: entries until one is full, then the cursor to be committed with them, then the receipt.

use std::collections::HashMap;

use ed25519_dalek::SigningKey;
use minicbor::bytes::{ByteArray, ByteVec};
use rusqlite::Connection;
use sync::id::{DeviceId, Epoch, EventId, Hash, RecordId, ServerEpoch, TenantId};
use sync::leaf::{Leaf, root};
use sync::pseudonym;
use sync::wire::{
    Ack, Cursor, DeviceRow, Digest, Entry, Erased, FRAME_TARGET_BYTES, FillCursor, Frame, GivenVersion, Held, Hello,
    IdentityAck, IdentityAnswer, MAX_FRAME_BYTES, NotedArrival, PositionSet, Relock, Stripper,
};

use crate::error::ServerError;
use crate::store::{self, Device, EventReceipts, StoredChange};

/// Where finished frames go. An error ends the response: the device is gone.
pub trait Sink {
    /// Takes an encoded frame.
    fn send(&mut self, frame: Vec<u8>) -> Result<(), ServerError>;
}

/// For whom frames are signed, and with what.
pub(super) struct Receipts<'a> {
    pub tenant: TenantId,
    pub server_epoch: ServerEpoch,
    pub device: DeviceId,
    pub key: &'a SigningKey,
}

/// What only the last frame has.
#[derive(Default)]
pub(super) struct Last {
    pub digests: Option<Vec<Digest>>,
    pub lacks: Option<PositionSet>,
    pub whole: Option<ByteArray<8>>,
    pub buckets: Option<ByteVec>,
    pub held: Option<Vec<Held>>,
    pub identity_acks: Option<Vec<IdentityAck>>,
    pub identities: Option<Vec<IdentityAnswer>>,
    pub erased: Option<Vec<Erased>>,
    pub erased_differ: Option<bool>,
    pub words: Option<Vec<GivenVersion>>,
    pub relock: Option<Vec<Relock>>,
}

/// Who stands in the log for a pushed change: the device, or a pseudonym.
pub(super) struct Author {
    id: DeviceId,
    key: [u8; 32],
    user: String,
}

impl Author {
    pub(super) fn of(device: &Device, pseudonym: Option<[u8; 32]>) -> Self {
        match pseudonym {
            None => Self { id: device.id, key: device.key, user: device.user.to_string() },
            Some(key) => Self { id: pseudonym::device_of(&key), key, user: String::new() },
        }
    }
}

/// A change that the device has pushed.
pub(super) struct Pushed {
    pub record: RecordId,
    pub hash: Hash,
    pub author: Author,
}

/// One response in the making.
pub(super) struct Frames<'a> {
    conn: &'a Connection,
    sink: &'a mut dyn Sink,
    receipts: Receipts<'a>,
    frame: Frame,
    size: usize,
    /// Of the changes the frame acknowledges, then of those it brings.
    leaves: Vec<[u8; 32]>,
    stripper: Stripper,
    devices: HashMap<i64, (u32, DeviceRow)>,
    epochs: HashMap<Epoch, u32>,
    last_record: Option<RecordId>,
    last_position: i64,
    last_received: i64,
}

impl<'a> Frames<'a> {
    pub(super) fn new(conn: &'a Connection, sink: &'a mut dyn Sink, receipts: Receipts<'a>, hello: Hello) -> Self {
        Self {
            conn,
            sink,
            receipts,
            frame: Frame { hello: Some(hello), ..Frame::default() },
            size: 64,
            leaves: Vec::new(),
            stripper: Stripper::default(),
            devices: HashMap::new(),
            epochs: HashMap::new(),
            last_record: None,
            last_position: 0,
            last_received: 0,
        }
    }

    /// Adds what became of a pushed change.
    pub(super) fn ack(&mut self, ack: Ack, pushed: Option<&Pushed>) {
        self.size += 16;
        if let (Ack::Accepted { position, received } | Ack::Duplicate { position, received }, Some(pushed)) =
            (&ack, pushed)
        {
            let Pushed { record, hash, author: Author { id, key, user } } = pushed;
            let (position, received) = (*position, *received);
            let leaf = Leaf { record: *record, hash: *hash, device: *id, key, user, position, received };
            self.leaves.push(leaf.digest());
        }
        if let Ack::Refused { reason, .. } = &ack {
            self.size += reason.size();
        }
        self.frame.acks.get_or_insert_default().push(ack);
    }

    /// Adds a change of a record.
    pub(super) fn change(&mut self, record: RecordId, change: &StoredChange) -> Result<(), ServerError> {
        let device = self.device(change.device)?;
        let epoch = self.epoch(change.epoch);
        let (body, hash) = self.stripper.strip(record, &change.bytes).map_err(|_| ServerError::Stored("change"))?;
        if let Some((_, row)) = self.devices.get(&change.device) {
            let (key, user) = (&*row.key, row.user.as_str());
            let (position, received) = (change.position, change.received_at);
            self.leaves.push(Leaf { record, hash, device: row.device, key, user, position, received }.digest());
        }
        self.size += body.len() + 32;
        let position = i64::try_from(change.position).map_err(|_| ServerError::Stored("position"))?;
        let entry = Entry::Change {
            record: (self.last_record != Some(record)).then_some(record),
            device,
            epoch,
            position: position - self.last_position,
            received: change.received_at - self.last_received,
            body: ByteVec::from(body),
        };
        self.last_record = Some(record);
        self.last_position = position;
        self.last_received = change.received_at;
        self.frame.entries.get_or_insert_default().push(entry);
        Ok(())
    }

    /// Adds when what happened to a record came, where its changes were written later.
    pub(super) fn noted(&mut self, record: RecordId, receipts: &EventReceipts) -> Result<(), ServerError> {
        let mut arrivals = Vec::with_capacity(receipts.0.len());
        for (event, device, received, position) in &receipts.0 {
            let device = self.device(*device)?;
            let event = EventId::from_bytes(**event);
            arrivals.push(NotedArrival { event, device, received: *received, position: *position });
        }
        self.size += 20 + 36 * arrivals.len();
        self.last_record = None;
        self.frame.entries.get_or_insert_default().push(Entry::Noted { record, arrivals });
        Ok(())
    }

    pub(super) fn leave(&mut self, record: RecordId) {
        self.size += 20;
        self.last_record = None;
        self.frame.entries.get_or_insert_default().push(Entry::Leave { record });
    }

    /// Whether the frame should go before more is added.
    pub(super) fn is_full(&self) -> bool {
        self.size >= FRAME_TARGET_BYTES
    }

    /// Whether the frame must go even in the middle of a record: a larger one would not be read.
    pub(super) fn is_overfull(&self) -> bool {
        self.size >= MAX_FRAME_BYTES / 4
    }

    /// Sends the frame with what is to be committed with it.
    pub(super) fn flush(&mut self, cursor: Option<Cursor>, fill: Option<FillCursor>) -> Result<(), ServerError> {
        self.frame.cursor = cursor;
        self.frame.fill = fill;
        self.send()
    }

    /// Sends the last frame.
    pub(super) fn finish(
        mut self,
        cursor: Option<Cursor>,
        fill: Option<FillCursor>,
        last: Last,
    ) -> Result<(), ServerError> {
        let Last {
            digests,
            lacks,
            whole,
            buckets,
            held,
            identity_acks,
            identities,
            erased,
            erased_differ,
            words,
            relock,
        } = last;
        let frame = std::mem::take(&mut self.frame);
        self.frame = Frame {
            last: true,
            digests,
            lacks,
            whole,
            buckets,
            held,
            identity_acks,
            identities,
            erased,
            erased_differ,
            words,
            relock,
            ..frame
        };
        self.flush(cursor, fill)
    }

    fn send(&mut self) -> Result<(), ServerError> {
        let mut frame = std::mem::take(&mut self.frame);
        self.size = 0;
        frame.root = root(&std::mem::take(&mut self.leaves)).map(ByteArray::from);
        let Receipts { tenant, server_epoch, device, .. } = self.receipts;
        let claim = frame.claim(tenant, server_epoch, device);
        frame.receipt = Some(ByteArray::from(claim.sign(self.receipts.key)));
        self.sink.send(frame.encode())
    }

    fn device(&mut self, index: i64) -> Result<u32, ServerError> {
        if let Some((known, _)) = self.devices.get(&index) {
            return Ok(*known);
        }
        let device = store::device_by_index(self.conn, index)?;
        let number = self.devices.len() as u32;
        let row = DeviceRow { device: device.id, key: ByteArray::from(device.key), user: device.user.0 };
        self.frame.devices.get_or_insert_default().push(row.clone());
        self.size += 80;
        self.devices.insert(index, (number, row));
        Ok(number)
    }

    fn epoch(&mut self, epoch: Epoch) -> u32 {
        let next = self.epochs.len() as u32;
        let number = *self.epochs.entry(epoch).or_insert(next);
        if number == next {
            self.frame.epochs.get_or_insert_default().push(epoch);
            self.size += 18;
        }
        number
    }
}
