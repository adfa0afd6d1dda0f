//! A replica made by hand: a directory put in place as if it had come from the server, and a user with several posts.

use jiff::Timestamp;
use sync::document::directory::{put_revisions, record_of};
use sync::document::{Document, RecordKind};
use sync::id::{ActorId, DeviceId, Epoch, EventId, RecordId, TenantId};
use sync::model::directory::{Entries, Revision, RevisionBody, plan, read_file};
use sync::model::petition::{Action, Channel, Facts, Kind};
use sync::wire::EnrollResponse;
use tempfile::TempDir;
use uuid::Uuid;

use crate::command::{Command, NewEvent};
use crate::replica::{DeviceKeys, NewIdentity, Replica};

pub const TENANT: TenantId = TenantId(Uuid::from_bytes([1; 16]));

const DIRECTORY: &str = r#"
office = [{ code = "mt", name = "MTTQ xã" }, { code = "mt2", name = "MTTQ xã khác" }]
unit = [
  { code = "30904", name = "Xã Giồng Riềng", kind = "commune", office = "mt" },
  { code = "30904-vt", name = "Ấp Vĩnh Thới", kind = "hamlet", parent = "30904" },
  { code = "30910", name = "Xã Thạnh Hưng", kind = "commune", office = "mt2" },
  { code = "30911", name = "Xã cũ", kind = "commune", office = "mt", valid_to = "2025-06-30", successors = ["30904"] },
]
body = [{ code = "kt", name = "Phòng Kinh tế", unit = "30904" }, { code = "dl", name = "Điện lực", external = true }]
category = [{ code = "land", name = "Đất đai" }, { code = "border", name = "Ranh đất", parent = "land" }]
post = [
  { code = "cb", name = "Cán bộ xã", role = "officer", unit = "30904" },
  { code = "tn", name = "Tiếp nhận", role = "front_staff", office = "mt" },
  { code = "xl", name = "Xử lý", role = "handler", body = "kt" },
  { code = "ns", name = "Nhập sổ", role = "importer", office = "mt" },
  { code = "qt", name = "Quản trị", role = "directory_admin" },
]
user = [{ code = "lan", name = "Cán bộ minh hoạ", posts = ["cb", "tn", "xl", "ns", "qt"] }]
routing = [
  { category = "land", unit = "*", body = "dl" },
  { category = "land", unit = "30904", body = "kt" },
]
policy = [{ kind = "feedback", category = "*", resolve = "30d", from = "referral" }]
"#;

/// A replica and its folder.
pub struct Desk {
    pub replica: Replica,
    pub folder: TempDir,
    pub now: Timestamp,
    /// How often chance was drawn.
    pub drawn: u8,
}

pub fn id(n: u8) -> Uuid {
    uuid::Builder::from_custom_bytes([n; 16]).into_uuid()
}

pub fn record(n: u8) -> RecordId {
    RecordId(id(n))
}

pub fn at(text: &str) -> Timestamp {
    text.parse().expect("a time")
}

impl Desk {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let home = folder.path().join("home");
        let enrolled = EnrollResponse {
            device: DeviceId(id(2)),
            user: "lan".into(),
            tenant: TENANT,
            tenant_name: "Thử".into(),
            receipt_key: "00".repeat(32),
            bundle_key: String::new(),
        };
        let keys = DeviceKeys::from_bytes([7; 32], [8; 32]);
        let identity = NewIdentity { keys, enrolled, url: "http://127.0.0.1:1".into(), epoch: Epoch(id(9)) };
        let replica = Replica::create(&home, identity, &mut |b| b.fill(3)).expect("a replica");
        replica
            .connection()
            .execute(
                "INSERT INTO record (id, kind, acked) VALUES (?1, ?2, ?3)",
                (record_of(TENANT).as_bytes(), RecordKind::Directory as u8, directory().save()),
            )
            .expect("a directory");
        drop(replica);
        let replica = Replica::open(&home, None, Timestamp::UNIX_EPOCH, &mut |b| b.fill(3)).expect("opened again");
        Self { replica, folder, now: at("2026-11-23T02:00:00Z"), drawn: 0 }
    }

    pub fn log(&mut self, n: u8, logged: &str, change: impl FnOnce(&mut Facts)) {
        let mut facts =
            Facts::new(Kind::Feedback, "30904", Channel::Dialogue, format!("việc số {n}"), at(logged), "cb");
        change(&mut facts);
        self.run(Command::LogPetition { record: record(n), facts, events: Vec::new() });
    }

    pub fn act(&mut self, n: u8, event: u8, by: &str, when: &str, action: Action) {
        let handler = by == "xl";
        let event = NewEvent {
            body: handler.then(|| "kt".into()),
            ..NewEvent::new(EventId(id(event)), action, at(when), by.into())
        };
        self.run(Command::PetitionEvent { record: record(n), event });
    }

    pub fn run(&mut self, command: Command) {
        self.replica.execute(command, self.now).expect("done");
    }
}

fn directory() -> Document {
    let entries = read_file(DIRECTORY, &Entries::new()).expect("a directory");
    let changes = plan(&Entries::new(), &entries).into_iter().enumerate();
    let revision = |(i, (kind, entity, fields)): (usize, _)| Revision {
        id: EventId(Uuid::from_u128(i as u128 + 1)),
        body: RevisionBody { kind, entity, fields, at: at("2026-01-01T00:00:00Z"), by: "qt".into(), depth: 1 },
    };
    let revisions: Vec<Revision> = changes.map(revision).collect();
    let mut document = Document::genesis(RecordKind::Directory);
    let actor = ActorId::derive(&[3; 32], record_of(TENANT), Epoch(id(4)));
    document.write(actor, |tx| put_revisions(tx, &revisions)).expect("written");
    document
}
