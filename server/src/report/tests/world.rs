//! A small tenant whose petitions are written out in the tests.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::DateTime;
use rusqlite::Connection;
use sync::document::petition::PetitionRecord;
use sync::document::session::SessionRecord;
use sync::id::{DeviceId, EventId, PostId, RecordId, stable_uuid};
use sync::model::directory::{Directory, Entries, read_file};
use sync::model::petition::{
    Action, AnswerMeans, Channel, Event, EventBody, Facts, Kind, Outcome, Receipts, Received, Source as Register,
};

use crate::projection::{clear, digest, put_petition, put_session, schema};
use crate::report::{Figure, Month, Monthly, Query, ReportError, Source, SourceError, monthly};

/// An instant written as the clock on the wall says it: `2026-06-10 08:00`.
pub fn at(text: &str, directory: &Directory) -> Timestamp {
    let wall: DateTime = text.replace(' ', "T").parse().expect("a date and time");
    directory.zone().to_zoned(wall).expect("an instant").timestamp()
}

pub fn event_id(name: &str) -> EventId {
    EventId(stable_uuid(&[b"event", name.as_bytes()]))
}

pub fn record_id(name: &str) -> RecordId {
    RecordId(stable_uuid(&[b"record", name.as_bytes()]))
}

/// A petition being written out.
#[derive(Clone)]
pub struct Petition {
    pub id: RecordId,
    pub position: u64,
    pub record: PetitionRecord,
    pub receipts: Receipts,
    name: String,
    last: Option<EventId>,
}

pub struct World {
    pub conn: Connection,
    pub directory: Directory,
    pub petitions: BTreeMap<RecordId, Petition>,
    pub sessions: BTreeMap<RecordId, (SessionRecord, Receipts)>,
    position: u64,
}

/// Two communes of one office each, two bodies, feedback due 10 days after the referral.
pub const DIRECTORY: &str = r#"
    [[office]]
    code = "o1"
    name = "Mặt trận xã Một"
    [[office]]
    code = "o2"
    name = "Mặt trận xã Hai"
    [[unit]]
    code = "u1"
    name = "Xã Một"
    kind = "commune"
    office = "o1"
    [[unit]]
    code = "u2"
    name = "Xã Hai"
    kind = "commune"
    office = "o2"
    [[body]]
    code = "kt"
    name = "Phòng Kinh tế"
    [[body]]
    code = "vh"
    name = "Phòng Văn hóa – Xã hội"
    [[category]]
    code = "land"
    name = "Đất đai"
    [[category]]
    code = "road"
    name = "Giao thông"
    [[policy]]
    kind = "feedback"
    category = "*"
    resolve = "10d"
    from = "referral"
"#;

impl World {
    pub fn new(directory: &str) -> Self {
        let entries = read_file(directory, &Entries::new()).expect("a directory");
        Self::with(Directory::from_entries(&entries))
    }

    pub fn with(directory: Directory) -> Self {
        let conn = Connection::open_in_memory().expect("memory");
        conn.execute_batch(schema()).expect("schema");
        Self { conn, directory, petitions: BTreeMap::new(), sessions: BTreeMap::new(), position: 0 }
    }

    pub fn at(&self, text: &str) -> Timestamp {
        at(text, &self.directory)
    }

    /// Feedback from unit u1, by letter, logged and received at one time.
    pub fn log(&mut self, name: &str, when: &str) -> Petition {
        self.position += 1;
        let when = self.at(when);
        let facts = Facts::new(Kind::Feedback, "u1", Channel::Letter, "…", when, PostId::from("cb"));
        let created = Received { at: when, device: DeviceId::from_bytes([1; 16]), position: self.position };
        Petition {
            id: record_id(name),
            position: self.position,
            record: PetitionRecord { facts, events: Vec::new(), unread: Vec::new() },
            receipts: Receipts { created: Some(created), events: Default::default() },
            name: name.to_owned(),
            last: None,
        }
    }

    /// Adds an event that has seen all before it, received when it happened.
    pub fn then(&mut self, p: &mut Petition, when: &str, action: Action) {
        self.then_received(p, when, action, when);
    }

    pub fn then_received(&mut self, p: &mut Petition, when: &str, action: Action, received: &str) {
        self.position += 1;
        let (when, received) = (self.at(when), self.at(received));
        let after = p.last;
        p.last = Some(p.add(when, action, after, received, self.position));
    }

    /// Adds an event that has seen only what came before the last one.
    pub fn apart(&mut self, p: &mut Petition, when: &str, action: Action) {
        self.position += 1;
        let when = self.at(when);
        let before = p.record.events.iter().rev().nth(1).map(|e| e.id);
        p.add(when, action, before, when, self.position);
    }

    /// Adds an event in the creating change.
    pub fn at_once(&mut self, p: &mut Petition, action: Action) {
        let created = p.receipts.created.expect("created");
        let after = p.last;
        p.last = Some(p.add(p.record.facts.at, action, after, created.at, created.position));
    }

    pub fn put(&mut self, p: &Petition) {
        let tx = self.conn.unchecked_transaction().expect("transaction");
        put_petition(&tx, p.id, p.position, &p.record, &p.receipts, &self.directory).expect("put");
        tx.commit().expect("commit");
        self.petitions.insert(p.id, p.clone());
    }

    pub fn put_session(&mut self, name: &str, session: SessionRecord, receipts: Receipts) {
        let tx = self.conn.unchecked_transaction().expect("transaction");
        put_session(&tx, record_id(name), &session, &receipts).expect("put");
        tx.commit().expect("commit");
        self.sessions.insert(record_id(name), (session, receipts));
    }

    /// Drops all rows and makes them again in another order; the rows must be the same.
    pub fn rebuild(&self) {
        let before = digest(&self.conn).expect("digest");
        let tx = self.conn.unchecked_transaction().expect("transaction");
        clear(&tx).expect("clear");
        for p in self.petitions.values().rev() {
            put_petition(&tx, p.id, p.position, &p.record, &p.receipts, &self.directory).expect("put");
        }
        for (id, (session, receipts)) in self.sessions.iter().rev() {
            put_session(&tx, *id, session, receipts).expect("put");
        }
        tx.commit().expect("commit");
        assert_eq!(digest(&self.conn).expect("digest"), before, "a rebuild gives the same rows");
    }

    pub fn query(&self, month: &str, as_of: &str) -> Query {
        let month: Month = month.parse().expect("a month");
        Query { month, as_of: self.at(as_of), offices: None, by: None }
    }

    /// The month's report, long after it.
    pub fn month(&self, month: &str) -> Monthly {
        self.try_report(&self.query(month, "2030-01-01 00:00")).expect("a report")
    }

    pub fn try_report(&self, query: &Query) -> Result<Monthly, ReportError> {
        monthly(&self.conn, query, &self.directory, self)
    }
}

impl Source for World {
    fn petition(&self, record: RecordId) -> Result<(PetitionRecord, Receipts), SourceError> {
        let p = self.petitions.get(&record).ok_or("no such petition")?;
        Ok((p.record.clone(), p.receipts.clone()))
    }

    fn session(&self, record: RecordId) -> Result<(SessionRecord, Receipts), SourceError> {
        Ok(self.sessions.get(&record).cloned().ok_or("no such session")?)
    }
}

impl Petition {
    fn add(
        &mut self,
        at: Timestamp,
        action: Action,
        after: Option<EventId>,
        received: Timestamp,
        position: u64,
    ) -> EventId {
        let id = event_id(&format!("{} {}", self.name, self.record.events.len()));
        // A body acts for itself: whoever leads at the time.
        let acts = matches!(action, Action::Accept | Action::Return { .. } | Action::Transfer { .. });
        let lead = self.record.events.iter().rev().find_map(|e| e.action().lead().cloned());
        let body = EventBody {
            action,
            at,
            by: PostId::from("mt"),
            after: after.map(|e| vec![e]),
            body: lead.filter(|_| acts),
            on_behalf: None,
            paper: None,
            stamped: None,
            imported: self.record.facts.source.is_some().then_some(true),
        };
        let received = Received { at: received, device: DeviceId::from_bytes([1; 16]), position };
        self.receipts.events.insert(id, received);
        self.record.events.push(Event { id, body });
        id
    }

    pub fn imported(mut self, key: &str) -> Self {
        self.record.facts.source = Some(Register { name: "so-cu".to_owned(), key: key.to_owned() });
        self
    }
}

pub fn refer(to: &str) -> Action {
    Action::Refer { to: to.into(), with: None, due: None, note: None }
}

pub fn resolve() -> Action {
    Action::Resolve { outcome: Outcome::Settled, text: "…".to_owned() }
}

pub fn answer() -> Action {
    Action::Answer { means: AnswerMeans::Phone, text: None }
}

pub fn rate(satisfied: bool) -> Action {
    Action::Rate { satisfied, text: None }
}

pub fn reopen() -> Action {
    Action::Reopen { reason: "…".to_owned() }
}

/// The figures that are not zero, as `carried_in 1, handled 1 …`, without what was open before.
pub fn figures(row: &crate::report::Figures) -> String {
    let shown = Figure::ALL.iter().filter(|f| row.get(**f) > 0 && **f != Figure::Opening);
    shown.map(|f| format!("{} {}", f.key(), row.get(*f))).collect::<Vec<_>>().join(", ")
}

/// The four figures of a month's flow.
pub fn flow(m: &Monthly) -> [u64; 4] {
    [Figure::CarriedIn, Figure::Received, Figure::Finished, Figure::CarriedOut].map(|f| m.totals.get(f))
}

/// The figures of one key.
pub fn key<'a>(rows: &'a [crate::report::KeyRow], key: Option<&str>) -> &'a crate::report::KeyRow {
    rows.iter().find(|row| row.key.as_deref() == key).unwrap_or_else(|| panic!("no row {key:?}"))
}

impl World {
    /// Puts every petition again over rows that were damaged.
    pub fn rebuild_after_damage(&self) {
        let tx = self.conn.unchecked_transaction().expect("transaction");
        clear(&tx).expect("clear");
        for p in self.petitions.values() {
            put_petition(&tx, p.id, p.position, &p.record, &p.receipts, &self.directory).expect("put");
        }
        tx.commit().expect("commit");
    }
}
