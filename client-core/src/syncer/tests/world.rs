//! A replica of one officer of one commune, and commands for it.

use jiff::Timestamp;
use sync::document::directory::{put_revisions, record_of};
use sync::document::{Document, RecordKind};
use sync::id::{ActorId, DeviceId, Epoch, EventId, PostId, RecordId, TenantId};
use sync::model::directory::{Entries, Revision, RevisionBody, plan, read_file};
use sync::model::petition::{Action, Channel, Facts, Kind};
use sync::wire::EnrollResponse;
use tempfile::TempDir;
use uuid::Uuid;

use super::server::Server;
use crate::command::{Command, NewEvent};
use crate::replica::{DeviceKeys, NewIdentity, Replica};
use crate::syncer::{SyncError, SyncReport, sync};

pub const TENANT: TenantId = TenantId(Uuid::from_bytes([1; 16]));
pub const DEVICE: DeviceId = DeviceId(Uuid::from_bytes([2; 16]));
pub const ADMIN: DeviceId = DeviceId(Uuid::from_bytes([3; 16]));

const DIRECTORY: &str = r#"
[[office]]
code = "mt"
name = "MTTQ xã"
[[unit]]
code = "30904"
name = "Xã"
kind = "commune"
office = "mt"
[[body]]
code = "kt"
name = "Phòng Kinh tế"
unit = "30904"
[[post]]
code = "cb"
name = "Cán bộ xã"
role = "officer"
unit = "30904"
[[post]]
code = "tn"
name = "Tiếp nhận"
role = "front_staff"
office = "mt"
[[user]]
code = "lan"
name = "Lan"
posts = ["cb", "tn"]
[[policy]]
kind = "feedback"
category = "*"
resolve = "30d"
from = "referral"
"#;

pub struct World {
    pub home: TempDir,
    pub replica: Replica,
    pub server: Server,
    pub now: Timestamp,
    random: u8,
}

pub fn id(n: u8) -> Uuid {
    uuid::Builder::from_custom_bytes([n; 16]).into_uuid()
}

pub fn record(n: u8) -> RecordId {
    RecordId(id(n))
}

pub fn event(n: u8) -> EventId {
    EventId(id(n))
}

pub fn log(n: u8, at: Timestamp) -> Command {
    let facts = Facts::new(Kind::Feedback, "30904", Channel::Dialogue, format!("đường hỏng {n}"), at, "cb");
    Command::LogPetition { record: record(n), facts, events: Vec::new() }
}

pub fn act(n: u8, event_number: u8, action: Action, by: &str, at: Timestamp) -> Command {
    let event = NewEvent::new(event(event_number), action, at, PostId::from(by));
    Command::PetitionEvent { record: record(n), event }
}

pub fn refer(n: u8, event_number: u8, at: Timestamp) -> Command {
    act(n, event_number, Action::Refer { to: "kt".into(), with: None, due: None, note: None }, "tn", at)
}

pub fn comment(n: u8, event_number: u8, at: Timestamp) -> Command {
    act(n, event_number, Action::Comment { text: "ghi chú".into() }, "cb", at)
}

impl World {
    /// Enrolled, and synced once: the directory is here.
    pub fn new() -> Self {
        let mut world = Self::unsynced();
        world.sync().expect("a first sync");
        world
    }

    pub fn unsynced() -> Self {
        let home = tempfile::tempdir().expect("a folder");
        let keys = DeviceKeys::from_bytes([7; 32], [8; 32]);
        let mut server = Server::new(keys.signing_public());
        let enrolled = EnrollResponse {
            device: DEVICE,
            user: "lan".into(),
            tenant: TENANT,
            tenant_name: "Xã".into(),
            receipt_key: server.receipt_key_hex(),
            bundle_key: String::new(),
        };
        let epoch = Epoch::from_bytes([9; 16]);
        let identity = NewIdentity { keys, enrolled, url: "http://server".into(), epoch };
        let replica = Replica::create(&home.path().join("home"), identity, &mut |b| b.fill(3)).expect("a replica");
        let now: Timestamp = "2026-11-02T08:00:00+07:00".parse().expect("a time");
        server.now = now;
        server.put_directory(&directory(now));
        Self { home, replica, server, now, random: 100 }
    }

    pub fn sync(&mut self) -> Result<SyncReport, SyncError> {
        let now = self.now;
        let random = &mut self.random;
        let mut rng = |buffer: &mut [u8]| {
            *random = random.wrapping_add(1);
            buffer.fill(*random);
        };
        sync(&mut self.replica, &mut self.server, &|| now, &mut rng)
    }

    pub fn run(&mut self, command: Command) {
        self.replica.execute(command, self.now).expect("a command that may be done");
    }

    pub fn status(&self, n: u8) -> Option<(String, i64)> {
        let mut select = self
            .replica
            .connection()
            .prepare("SELECT status, pending FROM petition WHERE record = ?1")
            .expect("a statement");
        select.query_row([record(n).as_bytes()], |row| Ok((row.get(0)?, row.get(1)?))).ok()
    }

    /// The row must be what the document says.
    pub fn events(&self, n: u8) -> usize {
        let document = self.replica.document(record(n)).expect("readable").expect("here");
        sync::document::petition::read(&document).expect("a petition").events.len()
    }
}

/// The first change of the directory, by the administrator's device, which the script does not judge.
fn directory(at: Timestamp) -> Vec<u8> {
    let wanted = read_file(DIRECTORY, &Entries::new()).expect("a directory file");
    let revisions: Vec<Revision> = plan(&Entries::new(), &wanted)
        .into_iter()
        .enumerate()
        .map(|(i, (kind, entity, fields))| Revision {
            id: event(u8::try_from(i).expect("few entries")),
            body: RevisionBody { kind, entity, fields, at, by: "root".into(), depth: 1 },
        })
        .collect();
    let actor = ActorId::derive(&super::server::ADMIN_KEY, record_of(TENANT), super::server::ADMIN_EPOCH);
    let mut document = Document::genesis(RecordKind::Directory);
    document.write(actor, |tx| put_revisions(tx, &revisions)).expect("a change").bytes
}
