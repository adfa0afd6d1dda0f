//! A device whose requests are made by hand, for what no honest program sends.

use automerge::transaction::Transaction;
use ed25519_dalek::SigningKey;
use jiff::Timestamp;
use sync::document::petition::{put_event, put_facts};
use sync::document::{Document, DocumentError, RecordKind, Written};
use sync::id::{ActorId, DeviceId, Epoch, EventId, PostId, RecordId, TenantId};
use sync::model::petition::{Action, Channel, Event, EventBody, Facts, Kind};
use sync::signed::{ChangeClaim, RequestClaim};
use sync::wire::{
    Ack, Cursor, EnrollRequest, EnrollResponse, Entry, Frame, MEDIA_TYPE, PROTOCOL_VERSION, Pushed, Stripper,
    SyncRequest, read_length_prefix,
};
use uuid::Uuid;

use super::{Problem, Server, now, now_millis};

/// An enrolled device.
pub struct Device {
    /// Its signing key.
    pub key: SigningKey,
    /// As the server named it.
    pub id: DeviceId,
    /// The tenant.
    pub tenant: TenantId,
    url: String,
    epoch: Epoch,
    made: std::cell::Cell<u32>,
    number: u8,
}

/// What a request came to.
#[derive(Debug)]
pub enum Answer {
    /// Every frame.
    Frames(Vec<Frame>),
    /// Not taken.
    Problem(Problem),
}

/// Changes to be pushed, in order.
#[derive(Debug, Default)]
pub struct Push {
    stripper: Stripper,
    pushed: Vec<Pushed>,
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

impl Device {
    /// Enrols one over HTTP. `number` makes its keys, so no two of a test may have the same.
    pub fn enroll(server: &Server, user: &str, number: u8) -> Self {
        Self::enroll_with(server.url(), server.code(user), number)
    }

    /// The same with a code that is at hand.
    pub fn enroll_with(url: &str, code: String, number: u8) -> Self {
        let key = SigningKey::from_bytes(&[number; 32]);
        let request = EnrollRequest {
            version: PROTOCOL_VERSION,
            code,
            signing_key: hex(key.verifying_key().as_bytes()),
            receiving_key: hex(&[number; 32]),
            name: "thiết bị thử".to_owned(),
        };
        let body = serde_json::to_vec(&request).expect("JSON");
        let (status, _, answer) = post(url, "/v1/enroll", &[], &body);
        assert_eq!(status, 201, "{}", String::from_utf8_lossy(&answer));
        let enrolled: EnrollResponse = serde_json::from_slice(&answer).expect("an enrolment's answer");
        Self {
            key,
            id: enrolled.device,
            tenant: enrolled.tenant,
            url: url.to_owned(),
            epoch: Epoch::from_bytes([number; 16]),
            made: std::cell::Cell::new(0),
            number,
        }
    }

    /// A new UUIDv7 in the order asked for.
    pub fn uuid(&self) -> Uuid {
        let n = self.made.replace(self.made.get() + 1);
        let mut random = [self.number; 10];
        random[..4].copy_from_slice(&n.to_be_bytes());
        uuid::Builder::from_unix_timestamp_millis(now_millis().unsigned_abs(), &random).into_uuid()
    }

    /// The headers that say who asks.
    pub fn signed(&self, method: &str, path: &str, time: i64, body: &[u8]) -> Vec<(&'static str, String)> {
        let claim = RequestClaim { device: self.id, method, path, time, body };
        vec![
            ("x-langnghe-device", self.id.to_string()),
            ("x-langnghe-time", time.to_string()),
            ("x-langnghe-signature", hex(&claim.sign(&self.key))),
        ]
    }

    /// A request of this device, without anything in it.
    pub fn request(&self) -> SyncRequest {
        SyncRequest { version: PROTOCOL_VERSION, tenant: Some(self.tenant), ..SyncRequest::default() }
    }

    /// A request that brings these changes.
    pub fn request_with(&self, push: Push) -> SyncRequest {
        SyncRequest { epochs: Some(vec![self.epoch]), push: Some(push.pushed), ..self.request() }
    }

    /// Syncs with whatever bytes, signed at whatever time.
    pub fn send_bytes(&self, body: &[u8], time: i64) -> Answer {
        let mut headers = self.signed("POST", "/v1/sync", time, body);
        headers.push(("content-type", MEDIA_TYPE.to_owned()));
        let (status, media_type, answer) = post(&self.url, "/v1/sync", &headers, body);
        if status == 200 {
            assert_eq!(media_type, MEDIA_TYPE);
            Answer::Frames(frames(&answer))
        } else {
            Answer::Problem(Problem::read(status, &media_type, &answer))
        }
    }

    /// Syncs.
    pub fn send(&self, request: &SyncRequest) -> Vec<Frame> {
        match self.send_bytes(&minicbor::to_vec(request).expect("CBOR"), now_millis()) {
            Answer::Frames(frames) => frames,
            Answer::Problem(problem) => panic!("{}", problem.json),
        }
    }

    /// Sends what must be refused as a whole.
    pub fn problem(&self, body: &[u8]) -> Problem {
        match self.send_bytes(body, now_millis()) {
            Answer::Problem(problem) => problem,
            Answer::Frames(frames) => panic!("taken: {frames:?}"),
        }
    }

    /// Pushes; what became of each change.
    pub fn push(&self, push: Push) -> Vec<Ack> {
        self.send(&self.request_with(push)).into_iter().flat_map(|f| f.acks.unwrap_or_default()).collect()
    }

    /// Writes one change to a document, without asking anybody.
    pub fn write(
        &self,
        document: &mut Document,
        record: RecordId,
        write: impl FnOnce(&mut Transaction<'_>) -> Result<(), DocumentError>,
    ) -> Written {
        let actor = ActorId::derive(self.key.verifying_key().as_bytes(), record, self.epoch);
        document.write(actor, write).expect("a change")
    }

    /// A petition's document with its facts as the only change.
    pub fn petition(&self, record: RecordId, facts: &Facts) -> (Document, Written) {
        let mut document = Document::genesis(RecordKind::Petition);
        let written = self.write(&mut document, record, |tx| put_facts(tx, facts));
        (document, written)
    }

    /// Writes one event to a petition's document.
    pub fn event(
        &self,
        document: &mut Document,
        record: RecordId,
        action: Action,
        by: &str,
        after: Option<EventId>,
    ) -> (EventId, Written) {
        let id = EventId(self.uuid());
        let body = EventBody {
            action,
            at: now(),
            by: PostId::from(by),
            after: after.map(|a| vec![a]),
            body: None,
            on_behalf: None,
            paper: None,
            stamped: None,
            imported: None,
        };
        let written = self.write(document, record, |tx| put_event(tx, &Event { id, body }));
        (id, written)
    }

    /// Facts of a petition raised in the commune, now, by a post.
    pub fn facts(&self, by: &str, unit: &str, text: &str) -> Facts {
        Facts::new(Kind::Feedback, unit, Channel::Letter, text, now(), by)
    }

    /// A new record's id.
    pub fn record(&self) -> RecordId {
        RecordId(self.uuid())
    }

    /// Adds a change, signed, to what is to be pushed.
    pub fn add(&self, push: &mut Push, record: RecordId, written: &Written) {
        let claim = ChangeClaim {
            tenant: self.tenant,
            device: self.id,
            record,
            epoch: self.epoch,
            seq: written.seq,
            hash: written.hash,
        };
        let (body, _) = push.stripper.strip(record, &written.bytes).expect("a chunk");
        let signature = claim.sign(&self.key).into();
        push.pushed.push(Pushed { record: Some(record), epoch: 0, signature, body: body.into(), pseudonym: None });
    }

    /// Pushes one new petition; its record, and what became of it.
    pub fn log(&self, facts: &Facts) -> (RecordId, Ack) {
        let record = self.record();
        let (_, written) = self.petition(record, facts);
        let mut push = Push::default();
        self.add(&mut push, record, &written);
        let mut acks = self.push(push);
        assert_eq!(acks.len(), 1, "{acks:?}");
        (record, acks.remove(0))
    }

    /// The records of which something comes down, and where the log then stands.
    pub fn pull(&self) -> (Vec<RecordId>, Cursor) {
        let mut records = Vec::new();
        let mut cursor = None;
        for frame in self.send(&self.request()) {
            records.extend(frame.entries.iter().flatten().filter_map(|entry| match entry {
                Entry::Change { record, .. } => *record,
                Entry::Noted { .. } | Entry::Leave { .. } => None,
            }));
            cursor = frame.cursor.or(cursor);
        }
        (records, cursor.expect("a whole response ends in a cursor"))
    }
}

/// POSTs; the status, the media type and the body of the answer.
pub fn post(url: &str, path: &str, headers: &[(&str, String)], body: &[u8]) -> (u16, String, Vec<u8>) {
    let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
    let mut request = agent.post(format!("{url}{path}"));
    for (name, value) in headers {
        request = request.header(*name, value);
    }
    let mut answer = request.send(body).expect("the server answers");
    let media_type = answer.headers().get("content-type").and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned();
    let status = answer.status().as_u16();
    let body = answer.body_mut().with_config().limit(64 * 1024 * 1024).read_to_vec().expect("a whole answer");
    (status, media_type, body)
}

/// A response taken apart.
fn frames(mut bytes: &[u8]) -> Vec<Frame> {
    let mut frames = Vec::new();
    while let Some((prefix, rest)) = bytes.split_first_chunk::<4>() {
        let (frame, rest) = rest.split_at(read_length_prefix(*prefix).expect("a frame's length"));
        frames.push(Frame::decode(frame).expect("a frame"));
        bytes = rest;
    }
    assert!(bytes.is_empty() && frames.last().is_some_and(|f| f.last), "the response was cut");
    frames
}
