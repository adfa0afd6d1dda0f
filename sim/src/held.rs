//! What stands in documents, wherever they are: at the server or on a device.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::Connection;
use server::store;
use sync::document::{Document, Record, RecordKind};
use sync::id::{EventId, RecordId};

use crate::key::Key;
use crate::minutes::Minutes;
use crate::site::Site;

/// Everything that can be asked of some documents.
#[derive(Default)]
pub struct Held {
    keys: BTreeSet<Key>,
    minutes: Vec<(RecordId, Minutes)>,
}

/// Position and time of arrival.
pub type Place = (u64, i64);

impl Held {
    /// Adds a record.
    pub fn add(&mut self, id: RecordId, record: &Record) {
        match record {
            Record::Petition(petition) => {
                self.keys.insert(Key::Record(id));
                self.keys.extend(petition.events.iter().map(|e| Key::Event(id, e.id)));
            }
            Record::Session(session) => {
                self.keys.insert(Key::Record(id));
                self.keys.extend(session.events.iter().map(|e| Key::Event(id, e.id)));
                self.minutes.push((id, Minutes::read(&session.minutes)));
            }
            Record::Directory(revisions) => self.keys.extend(revisions.iter().map(|r| Key::Revision(r.id))),
        }
    }

    /// Whether it stands there.
    pub fn has(&self, key: &Key) -> bool {
        match key {
            Key::Paragraph(record, text) => {
                self.minutes.iter().any(|(r, m)| r == record && m.paragraphs.contains(text))
            }
            Key::Mark(record, text) => {
                self.minutes.iter().any(|(r, m)| r == record && m.marks.iter().any(|mark| mark.text == *text))
            }
            key => self.keys.contains(key),
        }
    }

    /// Minutes of sessions.
    pub fn minutes(&self) -> &[(RecordId, Minutes)] {
        &self.minutes
    }

    /// What a server holds.
    pub fn at_server(conn: &Connection) -> Self {
        let mut held = Self::default();
        for id in indices(conn) {
            let row = store::record_by_index(conn, id).expect("a record");
            let document = Document::load(&row.snapshot).expect("a document");
            held.add(row.id, &Record::read(&document, row.kind).expect("a record"));
        }
        held
    }

    /// What the server has told a device.
    pub fn told(site: &mut Site) -> Self {
        let mut held = Self::default();
        let connection = site.replica().connection();
        let mut select =
            connection.prepare("SELECT id, kind, acked FROM record WHERE acked IS NOT NULL").expect("a table");
        let rows =
            select.query_map([], |r| Ok((r.get::<_, [u8; 16]>(0)?, r.get::<_, u8>(1)?, r.get::<_, Vec<u8>>(2)?)));
        for row in rows.expect("rows") {
            let (id, kind, bytes) = row.expect("a row");
            let kind = RecordKind::from_number(kind).expect("a kind");
            let document = Document::load(&bytes).expect("a document");
            held.add(RecordId::from_bytes(id), &Record::read(&document, kind).expect("a record"));
        }
        held
    }
}

/// Records' numbers.
pub fn indices(conn: &Connection) -> Vec<i64> {
    let mut select = conn.prepare("SELECT idx FROM record ORDER BY idx").expect("a table");
    let ids = select.query_map([], |row| row.get(0)).expect("rows");
    ids.collect::<Result<_, _>>().expect("numbers")
}

/// Where everything stands in the log that has a place of its own.
pub fn places(conn: &Connection) -> BTreeMap<Key, Place> {
    let mut places = BTreeMap::new();
    for index in indices(conn) {
        let row = store::record_by_index(conn, index).expect("a record");
        for (id, _, received, position) in &row.receipts.0 {
            let id = EventId::from_bytes(**id);
            let key = if id.0.is_nil() { Key::Record(row.id) } else { Key::Event(row.id, id) };
            places.insert(key, (*position, *received));
        }
    }
    places
}
