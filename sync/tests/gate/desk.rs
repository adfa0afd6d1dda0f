//! A desk in a commune with four people, their keys, and one petition.

use automerge::transaction::Transaction;
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use sync::document::petition::{put_event, put_events, put_facts, read};
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
code = "ap"
kind = "hamlet"
parent = "xa"
[[unit]]
code = "old"
valid_to = "2025-06-30"
successors = ["xa"]
[[unit]]
code = "old-ap"
kind = "hamlet"
parent = "old"
[[unit]]
code = "other"
[[unit]]
code = "other-ap"
kind = "hamlet"
parent = "other"
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
code = "ap"
role = "officer"
unit = "ap"
[[post]]
code = "tn"
role = "front_staff"
office = "mt"
[[post]]
code = "gk"
role = "sealed_handler"
office = "mt"
[[post]]
code = "xl-vh"
role = "handler"
body = "vh"
[[user]]
code = "lan"
posts = ["cb"]
[[user]]
code = "tam"
posts = ["ap"]
[[user]]
code = "hoa"
posts = ["tn"]
[[user]]
code = "son"
posts = ["xl-vh"]
[[user]]
code = "minh"
posts = ["gk"]
"#;

/// The desk's clock.
fn now() -> Timestamp {
    "2026-11-23T03:00:00Z".parse().expect("a time")
}

pub fn facts(by: &str, text: &str) -> Facts {
    Facts::new(Kind::Feedback, "xa", Channel::Dialogue, text, now(), by)
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
    kind: RecordKind,
    next_id: u128,
}

impl Desk {
    pub fn new() -> Self {
        let entries = read_file(DIRECTORY, &Entries::new()).expect("a sound directory");
        let kind = RecordKind::Petition;
        Self { directory: Directory::from_entries(&entries), document: None, kind, next_id: 1 }
    }

    /// A desk with a session instead of a petition.
    pub fn of_a_session() -> Self {
        Self { kind: RecordKind::Session, ..Self::new() }
    }

    pub fn new_id(&mut self) -> EventId {
        self.next_id += 1;
        EventId(Uuid::from_u128(self.next_id))
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

    /// Ids from here on, so that what is written apart has other ones.
    pub fn skip_ids(&mut self, from: u128) {
        self.next_id += from;
    }

    /// What was taken so far.
    pub fn document(&self) -> &Document {
        self.document.as_ref().expect("a record")
    }

    pub fn forget(&mut self) {
        self.document = None;
    }

    pub fn write(
        &mut self,
        user: &str,
        write: impl FnOnce(&mut Transaction<'_>) -> Result<(), DocumentError>,
    ) -> Vec<u8> {
        let mut copy = self.document.clone().unwrap_or_else(|| Document::genesis(self.kind));
        copy.write(self.actor(user), write).expect("written").bytes
    }

    pub fn write_named(
        &mut self,
        user: &str,
        name: EventId,
        write: impl FnOnce(&mut Transaction<'_>) -> Result<(), DocumentError>,
    ) -> Vec<u8> {
        let mut copy = self.document.clone().unwrap_or_else(|| Document::genesis(self.kind));
        copy.write_named(self.actor(user), Some(name), write).expect("written").bytes
    }

    pub fn log(&mut self, user: &str, facts: &Facts) -> Vec<u8> {
        self.write(user, |tx| put_facts(tx, facts))
    }

    /// `body`: (code, on behalf of it, its paper).
    pub fn event(&mut self, user: &str, by: &str, action: Action, body: Option<(&str, bool, Option<&str>)>) -> Vec<u8> {
        let mut event = self.made(by, action);
        event.body.body = body.map(|(b, ..)| b.into());
        event.body.on_behalf = body.and_then(|(_, on, _)| on.then_some(true));
        event.body.paper = body.and_then(|(_, _, p)| p.map(str::to_owned));
        self.write(user, |tx| put_event(tx, &event))
    }

    /// An event after all that the desk knows of, not written yet.
    pub fn made(&mut self, by: &str, action: Action) -> Event {
        let known = read(self.document.as_ref().expect("a petition")).expect("readable").events;
        let after = Some(tips(&known)).filter(|t| !t.is_empty());
        Event {
            id: self.new_id(),
            body: EventBody {
                action,
                at: now(),
                by: by.into(),
                after,
                body: None,
                on_behalf: None,
                paper: None,
                stamped: None,
                imported: None,
            },
        }
    }

    /// One change with so many comments, each after the one before.
    pub fn comments(&mut self, user: &str, by: &str, many: usize) -> Vec<u8> {
        let mut events = vec![self.made(by, Action::Comment { text: "một".to_owned() })];
        while events.len() < many {
            let mut next = events[events.len() - 1].clone();
            next.body.after = Some(vec![next.id]);
            next.id = self.new_id();
            events.push(next);
        }
        self.write(user, |tx| put_events(tx, &events))
    }

    /// Takes a change in as what was judged long ago.
    pub fn keep(&mut self, bytes: &[u8]) {
        self.document.as_mut().expect("a petition").apply_bytes(bytes).expect("applied");
    }

    pub fn push(&mut self, user: &str, bytes: Vec<u8>) -> Result<Admitted, Verdict> {
        self.push_as(user, false, bytes)
    }

    /// `pseudonymous`: what stands in the log is the desk's key for a user, but not the user.
    pub fn push_as(&mut self, user: &str, pseudonymous: bool, bytes: Vec<u8>) -> Result<Admitted, Verdict> {
        let tenant = TenantId::from_bytes([7; 16]);
        let context = Context { tenant, directory: &self.directory, now: now() };
        let today = jiff::civil::date(2026, 11, 23);
        let author =
            Author { key: &Self::key(user), user: &UserId::from(user), since: today, root: false, pseudonymous };
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
