//! A desk in a commune with three people, their keys, and one petition.

use automerge::transaction::Transaction;
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use sync::document::petition::{put_event, put_facts, read};
use sync::document::{Document, DocumentError, RecordKind};
use sync::gate::{Admitted, Author, Context, Verdict, admit, parse};
use sync::id::{ActorId, Epoch, EventId, RecordId, TenantId, UserId};
use sync::model::directory::{Directory, Entries, read_file};
use sync::model::petition::{Action, Channel, Event, EventBody, Facts, Kind, tips};
use sync::wire::RefusalCode;
use uuid::Uuid;

const DIRECTORY: &str = r#"
[[office]]
code = "mt"
[[unit]]
code = "xa"
office = "mt"
[[unit]]
code = "other"
[[body]]
code = "kt"
unit = "xa"
[[body]]
code = "vh"
unit = "xa"
[[post]]
code = "cb"
role = "officer"
unit = "xa"
[[post]]
code = "tn"
role = "front_staff"
office = "mt"
[[post]]
code = "xl-vh"
role = "handler"
body = "vh"
[[user]]
code = "lan"
posts = ["cb"]
[[user]]
code = "hoa"
posts = ["tn"]
[[user]]
code = "son"
posts = ["xl-vh"]
"#;

/// The desk's clock.
fn now() -> Timestamp {
    "2026-11-23T03:00:00Z".parse().expect("a time")
}

pub fn facts(by: &str, text: &str) -> Facts {
    Facts {
        kind: Kind::Feedback,
        category: None,
        unit: "xa".into(),
        hamlet: None,
        channel: Channel::Dialogue,
        text: text.to_owned(),
        place: None,
        urgent: false,
        collective: None,
        session: None,
        petitioner: None,
        at: now(),
        stamped: None,
        by: by.into(),
        split_from: None,
        source: None,
    }
}

pub fn refusal(verdict: Verdict) -> RefusalCode {
    match verdict {
        Verdict::Refused(refusal) => refusal.code,
        Verdict::Waiting(deps) => panic!("waits for {deps:?}"),
    }
}

#[derive(Clone)]
pub struct Desk {
    directory: Directory,
    document: Option<Document>,
    next_id: u128,
}

impl Desk {
    pub fn new() -> Self {
        let entries = read_file(DIRECTORY, &Entries::new()).expect("a sound directory");
        Self { directory: Directory::from_entries(&entries), document: None, next_id: 1 }
    }

    pub fn record(&self) -> RecordId {
        RecordId::from_bytes([9; 16])
    }

    fn key(user: &str) -> [u8; 32] {
        Sha256::digest(user).into()
    }

    pub fn actor(&self, user: &str) -> ActorId {
        ActorId::derive(&Self::key(user), self.record(), Epoch::from_bytes([1; 16]))
    }

    pub fn forget(&mut self) {
        self.document = None;
    }

    pub fn write(
        &mut self,
        user: &str,
        write: impl FnOnce(&mut Transaction<'_>) -> Result<(), DocumentError>,
    ) -> Vec<u8> {
        let mut copy = self.document.clone().unwrap_or_else(|| Document::genesis(RecordKind::Petition));
        copy.write(self.actor(user), write).expect("written").bytes
    }

    pub fn log(&mut self, user: &str, facts: &Facts) -> Vec<u8> {
        self.write(user, |tx| put_facts(tx, facts))
    }

    /// `body`: (code, on behalf of it, its paper).
    pub fn event(&mut self, user: &str, by: &str, action: Action, body: Option<(&str, bool, Option<&str>)>) -> Vec<u8> {
        let known = read(self.document.as_ref().expect("a petition")).expect("readable").events;
        let after = Some(tips(&known)).filter(|t| !t.is_empty());
        self.next_id += 1;
        let event = Event {
            id: EventId(Uuid::from_u128(self.next_id)),
            body: EventBody {
                action,
                at: now(),
                by: by.into(),
                after,
                body: body.map(|(b, ..)| b.into()),
                on_behalf: body.and_then(|(_, on, _)| on.then_some(true)),
                paper: body.and_then(|(_, _, p)| p.map(str::to_owned)),
                stamped: None,
                imported: None,
            },
        };
        self.write(user, |tx| put_event(tx, &event))
    }

    pub fn push(&mut self, user: &str, bytes: Vec<u8>) -> Result<Admitted, Verdict> {
        let tenant = TenantId::from_bytes([7; 16]);
        let context = Context { tenant, directory: &self.directory, now: now() };
        let today = jiff::civil::date(2026, 11, 23);
        let author = Author { key: &Self::key(user), user: &UserId::from(user), since: today, root: false };
        let parsed = parse(&bytes)?;
        let epoch = Epoch::from_bytes([1; 16]);
        let admitted = admit(&context, &author, self.record(), epoch, &parsed, self.document.as_ref())?;
        self.document = Some(admitted.document.clone());
        Ok(admitted)
    }
}

/// The body of a chunk: after magic, checksum, type and length.
pub fn body_of(chunk: &[u8]) -> Vec<u8> {
    let mut at = 9;
    while chunk[at] & 0x80 != 0 {
        at += 1;
    }
    chunk[at + 1..].to_vec()
}

/// A chunk with the checksum put right.
pub fn chunk_of(body: &[u8]) -> Vec<u8> {
    let mut head = vec![1u8];
    let mut len = body.len();
    loop {
        let low = (len & 0x7f) as u8;
        len >>= 7;
        head.push(if len == 0 { low } else { low | 0x80 });
        if len == 0 {
            break;
        }
    }
    let mut hash = Sha256::new();
    hash.update(&head);
    hash.update(body);
    let digest: [u8; 32] = hash.finalize().into();
    let mut chunk = vec![0x85, 0x6f, 0x4a, 0x83];
    chunk.extend_from_slice(&digest[..4]);
    chunk.extend_from_slice(&head);
    chunk.extend_from_slice(body);
    chunk
}
