//! The script: it keeps a log, takes everything but what it is told to refuse, and speaks in real frames.

use std::collections::HashMap;
use std::io::Cursor as Bytes;

use data_encoding::HEXLOWER;
use ed25519_dalek::SigningKey;
use jiff::Timestamp;
use minicbor::bytes::{ByteArray, ByteVec};
use sync::document::directory::record_of;
use sync::id::{ActorId, DeviceId, Epoch, Hash, RecordId, ServerEpoch};
use sync::reason::Reason;
use sync::signed::LeftClaim;
use sync::wire::{
    Ack, CLOCK_TOLERANCE_MILLIS, Cursor, DeviceRow, Entry, FillCursor, Frame, Hello, PROTOCOL_VERSION, RefusalCode,
    Stripper, SyncRequest, Unstripper,
};
use uuid::Uuid;

use super::world::{ADMIN, DEVICE, TENANT};
use crate::transport::{Response, Transport, TransportError};

pub const ADMIN_KEY: [u8; 32] = [11; 32];
pub const ADMIN_EPOCH: Epoch = Epoch(Uuid::from_bytes([12; 16]));
const SERVER_EPOCH: ServerEpoch = ServerEpoch(Uuid::from_bytes([13; 16]));

struct Logged {
    record: RecordId,
    device: DeviceId,
    epoch: Epoch,
    hash: Hash,
    bytes: Vec<u8>,
    received: i64,
}

pub struct Server {
    device_key: [u8; 32],
    receipt: SigningKey,
    log: Vec<Logged>,
    pub now: Timestamp,
    pub grant: u32,
    /// The n-th push from now on (from 0) is refused so; what stands on it, as its descendant.
    pub refuse: HashMap<usize, RefusalCode>,
    pushes: usize,
    refused: Vec<Hash>,
    /// Records that the device may not hold any more.
    pub hidden: Vec<RecordId>,
    pub leave: Vec<RecordId>,
    /// The next response is cut after so many bytes.
    pub cut_after: Option<usize>,
    /// One entry a frame.
    pub small_frames: bool,
    pub requests: Vec<SyncRequest>,
    pub wrong_receipt: bool,
    /// Answers are zstd, which this header says.
    pub zstd_by: Option<&'static str>,
}

impl Server {
    pub fn new(device_key: [u8; 32]) -> Self {
        Self {
            device_key,
            receipt: SigningKey::from_bytes(&[14; 32]),
            log: Vec::new(),
            now: Timestamp::UNIX_EPOCH,
            grant: 1,
            refuse: HashMap::new(),
            pushes: 0,
            refused: Vec::new(),
            hidden: Vec::new(),
            leave: Vec::new(),
            cut_after: None,
            small_frames: false,
            requests: Vec::new(),
            wrong_receipt: false,
            zstd_by: None,
        }
    }

    pub fn receipt_key_hex(&self) -> String {
        HEXLOWER.encode(self.receipt.verifying_key().as_bytes())
    }

    /// What it gives a device that has left something behind.
    pub fn signs_for(&self, body: &[u8]) -> String {
        let receipt = HEXLOWER.encode(&LeftClaim { tenant: TENANT, device: DEVICE, body }.sign(&self.receipt));
        format!(r#"{{"id":"1","receipt":"{receipt}"}}"#)
    }

    pub fn put_directory(&mut self, bytes: &[u8]) {
        self.put(record_of(TENANT), ADMIN, ADMIN_EPOCH, bytes);
    }

    /// Another device's change.
    pub fn put(&mut self, record: RecordId, device: DeviceId, epoch: Epoch, bytes: &[u8]) -> u64 {
        let change = sync::gate::parse(bytes).expect("a change");
        let received = self.now.as_millisecond();
        self.log.push(Logged { record, device, epoch, hash: change.hash, bytes: bytes.to_vec(), received });
        self.log.len() as u64
    }

    /// Everything of a record, in order, as another replica would have it.
    pub fn document(&self, record: RecordId) -> sync::document::Document {
        let mut changes = self.log.iter().filter(|l| l.record == record).peekable();
        let first = sync::gate::parse(&changes.peek().expect("a change").bytes).expect("a change");
        let kind = sync::document::genesis_hash(&first.deps[0]).expect("a genesis");
        let mut document = sync::document::Document::genesis(kind);
        changes.for_each(|l| {
            document.apply_bytes(&l.bytes).expect("applied");
        });
        document
    }

    fn push(&mut self, request: &SyncRequest) -> Vec<Ack> {
        let mut unstripper = Unstripper::default();
        let mut record = None;
        let mut acks = Vec::new();
        for pushed in request.push.iter().flatten() {
            record = pushed.record.or(record);
            let id = record.expect("a record");
            let epoch = request.epochs.as_ref().expect("epochs")[pushed.epoch as usize];
            let actor = ActorId::derive(&self.device_key, id, epoch);
            let (bytes, hash) = unstripper.rebuild(id, actor, &pushed.body).expect("a change");
            let deps = sync::gate::parse(&bytes).expect("a change").deps;
            let code = self.refuse.get(&self.pushes).copied();
            self.pushes += 1;
            let ancestor = deps.iter().any(|d| self.refused.contains(d)).then_some(RefusalCode::Ancestor);
            acks.push(if let Some(code) = code.or(ancestor) {
                self.refused.push(hash);
                Ack::Refused { code, reason: Reason::from_parts(["by-the-script"]) }
            } else if let Some(i) = self.log.iter().position(|l| l.hash == hash) {
                Ack::Duplicate { position: i as u64 + 1, received: self.log[i].received }
            } else {
                let position = self.put(id, DEVICE, epoch, &bytes);
                Ack::Accepted { position, received: self.now.as_millisecond() }
            });
        }
        acks
    }

    fn frames(&mut self, request: &SyncRequest, acks: Vec<Ack>) -> Vec<Frame> {
        let head = self.log.len() as u64;
        let cursor = request.cursor.filter(|c| c.grant == self.grant);
        let going_on = request.fill.filter(|f| f.grant == self.grant);
        let only_push = request.only_push == Some(true);
        let begins = !only_push && cursor.is_none() && going_on.is_none();
        let hello = Hello {
            version: PROTOCOL_VERSION,
            server_epoch: SERVER_EPOCH,
            now: self.now.as_millisecond(),
            grant: self.grant,
            fill: begins,
            base: None,
            keys: None,
        };
        let at = |position| Some(Cursor { server_epoch: SERVER_EPOCH, grant: self.grant, position });
        let first = Frame { hello: Some(hello), acks: (!acks.is_empty()).then_some(acks.clone()), ..Frame::default() };
        if only_push {
            return vec![Frame { cursor: request.cursor, fill: request.fill, last: true, ..first }];
        }
        let device = |device, key, user: &str| DeviceRow { device, key: ByteArray::from(key), user: user.into() };
        let devices = vec![device(ADMIN, ADMIN_KEY, "admin"), device(DEVICE, self.device_key, "lan")];
        let mut epochs: Vec<Epoch> = self.log.iter().map(|l| l.epoch).collect();
        epochs.dedup();
        let mut frames = vec![Frame { devices: Some(devices), epochs: Some(epochs.clone()), ..first }];
        frames[0].cursor = request.cursor;
        let filling = begins || going_on.is_some();
        let as_of = going_on.map_or(head, |f| f.as_of);
        let after = match (filling, going_on) {
            (true, Some(fill)) => fill.before,
            (true, None) => 0,
            (false, _) => cursor.map_or(0, |c| c.position),
        };
        let acked = |position: u64| {
            acks.iter().any(|a| matches!(a, Ack::Accepted { position: p, .. } if *p == position)) && !filling
        };
        let mut stripper = Stripper::default();
        let (mut last_position, mut last_received) = (0, 0);
        for (i, l) in self.log.iter().enumerate() {
            let position = i as u64 + 1;
            let wanted = request.wants.iter().flatten().any(|w| *w == l.record);
            if (position <= after && !wanted) || acked(position) || self.hidden.contains(&l.record) {
                continue;
            }
            let entry = Entry::Change {
                record: Some(l.record),
                device: u32::from(l.device == DEVICE),
                epoch: epochs.iter().position(|e| *e == l.epoch).expect("an epoch") as u32,
                position: position as i64 - last_position,
                received: l.received - last_received,
                body: ByteVec::from(stripper.strip(l.record, &l.bytes).expect("a change").0),
            };
            (last_position, last_received) = (position as i64, l.received);
            let frame = frames.last_mut().expect("a frame");
            frame.entries.get_or_insert_default().push(entry);
            if filling {
                let server_epoch = SERVER_EPOCH;
                frame.cursor = None;
                frame.fill = Some(FillCursor { as_of, pass: 0, before: position, grant: self.grant, server_epoch });
            } else {
                frame.cursor = at(position);
            }
            let most = if self.small_frames { 1 } else { 200 };
            if frame.entries.as_ref().is_some_and(|e| e.len() >= most) {
                frames.push(Frame::default());
            }
        }
        let frame = frames.last_mut().expect("a frame");
        let known = |record: &RecordId| self.log.iter().any(|l| l.record == *record);
        let not_for_it = |record: &&RecordId| self.hidden.contains(record) && known(record);
        let unwanted: Vec<RecordId> = request.wants.iter().flatten().filter(not_for_it).copied().collect();
        for record in std::mem::take(&mut self.leave).into_iter().chain(unwanted) {
            frame.entries.get_or_insert_default().push(Entry::Leave { record });
        }
        frame.cursor = at(head);
        frame.fill = None;
        frame.last = true;
        frames
    }
}

impl Transport for Server {
    fn post(&mut self, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Result<Response, TransportError> {
        assert_eq!(path, "/v1/sync");
        let header = |name: &str| headers.iter().find(|(n, _)| *n == name).expect("a header").1;
        let time: i64 = header("x-langnghe-time").parse().expect("a time");
        let server_time = self.now.as_millisecond();
        if (time - server_time).abs() > CLOCK_TOLERANCE_MILLIS {
            let problem = format!(r#"{{"type":"urn:langnghe:problem/stale","server_time":{server_time}}}"#);
            return Ok(Response { status: 401, headers: vec![], body: Box::new(Bytes::new(problem.into_bytes())) });
        }
        let request: SyncRequest = minicbor::decode(&zstd::decode_all(body).expect("zstd")).expect("a request");
        let acks = self.push(&request);
        let frames = self.frames(&request, acks);
        self.requests.push(request);
        let mut sent = Vec::new();
        for mut frame in frames {
            let claim = frame.claim(TENANT, SERVER_EPOCH, DEVICE);
            let mut signature = claim.sign(&self.receipt);
            signature[0] ^= u8::from(self.wrong_receipt);
            frame.receipt = Some(ByteArray::from(signature));
            sent.extend(frame.encode());
        }
        if let Some(cut) = self.cut_after.take() {
            sent.truncate(cut);
        }
        // Or as an intermediary might hand it on: without a coding, so that a cut falls where the test says.
        let mut headers = Vec::new();
        if let Some(name) = self.zstd_by {
            headers.push((name.to_owned(), "zstd".to_owned()));
            sent = zstd::encode_all(sent.as_slice(), 3).expect("zstd");
        }
        Ok(Response { status: 200, headers, body: Box::new(Bytes::new(sent)) })
    }

    fn get(&mut self, _: &str, _: &[(&str, &str)]) -> Result<Response, TransportError> {
        Err(TransportError { detail: "not in the script".into() })
    }
}
