//! A server and the five replicas of one case.

use std::collections::{BTreeMap, BTreeSet};

use client_core::command::{Command, NewEvent};
use client_core::replica::Replica;
use client_core::syncer;
use client_core::view::{self, Page, PetitionFilter, PetitionRow};
use jiff::SignedDuration;
use rand::rngs::StdRng;
use rand::seq::SliceRandom;
use rand::{Rng, RngExt, SeedableRng};
use serde_json::Value;
use server::admin::{ReportFormat, ReportRequest, monthly_report};
use server::ingest::rebuild;
use server::{projection, store};
use sync::document::petition::read;
use sync::document::{Document, RecordKind};
use sync::id::{EventId, Hash, RecordId};
use sync::model::petition::{Action, AnswerMeans, Channel, Facts, Field, Kind, Outcome, fold};
use sync::model::time::truncate;

use crate::support::{Fault, Hosted, Link, TWO_COMMUNES, now};

/// A person with a device.
#[derive(Debug, Clone, Copy)]
pub struct Site {
    user: &'static str,
    post: &'static str,
    body: Option<&'static str>,
}

impl Site {
    /// An officer, two of the Front staff, a handler at each of two bodies.
    pub const ALL: [Site; 5] = [
        Site { user: "lan", post: "cb-30904", body: None },
        Site { user: "thu", post: "tn-30904", body: None },
        Site { user: "minh", post: "tn-30904", body: None },
        Site { user: "kinh", post: "xl-kt", body: Some("kt") },
        Site { user: "van", post: "xl-vh", body: Some("vh") },
    ];
}

/// How a petition looks from one place.
#[derive(Debug, Clone, PartialEq)]
pub struct Seen {
    /// What it is made of.
    pub heads: Vec<Hash>,
    /// Everything a list shows of it, but how far it has been sent.
    pub read: Value,
    /// Where it stands.
    pub status: String,
    /// Who holds it.
    pub bodies: Vec<String>,
}

/// Everything of one case.
pub struct World {
    server: Hosted,
    sites: Vec<Replica>,
    chance: StdRng,
}

impl World {
    /// A served database and five devices that have synced once.
    pub fn new(seed: u64) -> Self {
        let server = Hosted::start(TWO_COMMUNES, now);
        let mut world = Self { server, sites: Vec::new(), chance: StdRng::seed_from_u64(seed) };
        for (n, site) in Site::ALL.iter().enumerate() {
            let chance = &mut world.chance;
            let replica = world.server.enroll(site.user, &n.to_string(), &mut |b| chance.fill_bytes(b));
            world.sites.push(replica);
            world.sync(n, Fault::None);
        }
        world
    }

    fn id(&mut self) -> uuid::Uuid {
        let mut random = [0; 10];
        self.chance.fill_bytes(&mut random);
        uuid::Builder::from_unix_timestamp_millis(now().as_millisecond().unsigned_abs(), &random).into_uuid()
    }

    /// Logs a petition. A long one fills half a frame.
    pub fn log(&mut self, site: usize, long: bool) {
        let record = RecordId(self.id());
        let letters: String =
            (0..if long { 30_000 } else { 20 }).map(|_| self.chance.random_range('a'..='z')).collect();
        let facts =
            Facts::new(Kind::Feedback, "30904", Channel::Letter, letters, truncate(now()), Site::ALL[site].post);
        let command = Command::LogPetition { record, facts, events: Vec::new() };
        self.sites[site].execute(command, now()).expect("whoever holds a place there may log");
    }

    /// Thu refers everything there is to both bodies.
    pub fn refer_all(&mut self) {
        self.meet();
        let to_both = Action::Refer { to: "kt".into(), with: Some(vec!["vh".into()]), due: None, note: None };
        for record in self.held(1).into_keys() {
            assert!(self.try_to(1, record, to_both.clone()), "Front staff refer");
        }
    }

    /// Does something to one of the petitions the site holds: the first thing from `action` on that its replica admits.
    pub fn touch(&mut self, site: usize, petition: usize, action: usize) {
        let held: Vec<RecordId> = self.rows(site).into_iter().map(|row| row.id).collect();
        if held.is_empty() {
            return;
        }
        let record = held[petition % held.len()];
        let mut actions = actions(held[(petition + 1) % held.len()]);
        actions.rotate_left(action);
        for action in actions {
            if self.try_to(site, record, action) {
                return;
            }
        }
    }

    fn try_to(&mut self, site: usize, record: RecordId, action: Action) -> bool {
        let Site { post, body, .. } = Site::ALL[site];
        let id = EventId(self.id());
        let event = NewEvent { body: body.map(Into::into), ..NewEvent::new(id, action, truncate(now()), post.into()) };
        self.sites[site].execute(Command::PetitionEvent { record, event }, now()).is_ok()
    }

    /// Syncs once. What the replica admitted, the server admits: nothing is ever refused here.
    pub fn sync(&mut self, site: usize, fault: Fault) {
        let mut link = Link::new(self.server.url(), fault);
        let chance = &mut self.chance;
        match syncer::sync(&mut self.sites[site], &mut link, &now, &mut |b| chance.fill_bytes(b)) {
            Ok(report) => assert_eq!(report.refused, 0, "site {site}, {fault:?}: {report:?}"),
            Err(error) => assert!(!matches!(fault, Fault::None | Fault::SentTwice), "site {site}, {fault:?}: {error}"),
        }
    }

    /// Everybody syncs until everybody has everything.
    pub fn meet(&mut self) {
        for _ in 0..2 {
            (0..Site::ALL.len()).for_each(|site| self.sync(site, Fault::None));
        }
    }

    /// Changes that wait, and changes that were refused.
    pub fn waiting(&self, site: usize) -> (u64, u64) {
        let status = view::status(&self.sites[site], now()).expect("a status");
        (status.pending, status.refused)
    }

    fn rows(&self, site: usize) -> Vec<PetitionRow> {
        view::petitions(&self.sites[site], &PetitionFilter::default(), Page::default(), now()).expect("a list")
    }

    /// The petitions of a site.
    pub fn held(&self, site: usize) -> BTreeMap<RecordId, Seen> {
        let seen = self.rows(site).into_iter().map(|row| {
            let heads = self.sites[site].document(row.id).expect("read").expect("a document").heads();
            let mut read = serde_json::to_value(&row).expect("JSON");
            for of_this_device in ["pending", "sending"] {
                read.as_object_mut().expect("an object").remove(of_this_device);
            }
            let seen = Seen { heads, status: row.status.to_string(), bodies: row.bodies, read };
            (row.id, seen)
        });
        seen.collect()
    }

    /// The petitions of the server.
    pub fn on_the_server(&self) -> BTreeMap<RecordId, Seen> {
        let seen = self.documents().into_iter().map(|(id, document)| {
            let petition = read(&document).expect("a petition");
            let folded = fold(&petition.facts, petition.facts.at, &petition.events, |e| e.body.at);
            let now = folded.last();
            let bodies = now.held.iter().map(|h| h.body.to_string()).collect();
            (id, Seen { heads: document.heads(), status: now.status.to_string(), bodies, read: Value::Null })
        });
        seen.collect()
    }

    fn documents(&self) -> Vec<(RecordId, Document)> {
        let conn = store::open_read_only(self.server.data()).expect("the database");
        let mut ids = conn.prepare("SELECT idx FROM record ORDER BY idx").expect("a table");
        let ids: Vec<i64> = ids.query_map([], |r| r.get(0)).expect("rows").map(|r| r.expect("a row")).collect();
        let rows = ids.into_iter().map(|i| store::record_by_index(&conn, i).expect("a record"));
        let petitions = rows.filter(|r| r.kind == RecordKind::Petition);
        petitions.map(|r| (r.id, Document::load(&r.snapshot).expect("a snapshot"))).collect()
    }

    /// Every document once more from its changes, in a random order in which each still follows what it stands on, some of
    /// them twice.
    pub fn replay_in_another_order(&self, seed: u64) {
        let mut chance = StdRng::seed_from_u64(seed);
        for (id, document) in self.documents() {
            let mut left = document.changes();
            left.shuffle(&mut chance);
            let mut again = Document::genesis(RecordKind::Petition);
            let mut taken: BTreeSet<Hash> = again.heads().into_iter().collect();
            while !left.is_empty() {
                let next = left.iter().position(|c| c.deps().iter().all(|d| taken.contains(&Hash::from(*d))));
                let change = left.remove(next.expect("some change stands on what is there"));
                taken.insert(change.hash().into());
                if chance.random_bool(0.3) {
                    again.apply([change.clone()]).expect("taken");
                }
                again.apply([change]).expect("taken");
            }
            assert_eq!(again.heads(), document.heads(), "{id}");
            assert_eq!(read(&again).expect("read"), read(&document).expect("read"), "{id}");
        }
    }

    /// What the rows say, and the month's report of it: of this month and of the one before, as of a moment that is over.
    pub fn figures(&self) -> (String, Vec<Value>) {
        let ledger = self.server.ledger();
        let month = |days: i64| now().checked_sub(SignedDuration::from_hours(24 * days)).expect("a time");
        let reports = [month(0), month(31)].map(|at| {
            let month = at.strftime("%Y-%m").to_string();
            let request =
                ReportRequest::parse(&month, Some("2200-01-01T00:00:00Z"), None, None, now()).expect("a month");
            let report = monthly_report(ledger.connection(), &request, &ledger.directory(), ReportFormat::Json);
            serde_json::from_str(&report.expect("a report that reconciles")).expect("JSON")
        });
        (projection::digest(ledger.connection()).expect("rows"), reports.to_vec())
    }

    /// Every cache of the server from the accepted changes alone.
    pub fn rebuild(&mut self) {
        let mut ledger = self.server.ledger();
        let directory = ledger.directory();
        ledger.write(|tx| rebuild(tx, &directory)).expect("rebuilt");
    }
}

/// How many things can happen to a petition here.
pub const ACTIONS: usize = 19;

fn actions(other: RecordId) -> Vec<Action> {
    let reason = || "lý do".to_owned();
    let refer = |to: &str| Action::Refer { to: to.into(), with: None, due: None, note: None };
    let actions = vec![
        Action::Receive,
        Action::Classify { kind: Some(Kind::Proposal), category: Some("roads".into()) },
        Action::Classify { kind: Some(Kind::Feedback), category: Some("land".into()) },
        refer("kt"),
        refer("vh"),
        Action::Refer { to: "vh".into(), with: Some(vec!["kt".into()]), due: None, note: None },
        Action::Accept,
        Action::Return { reason: reason() },
        Action::Transfer { to: "kt".into(), reason: reason() },
        Action::Transfer { to: "vh".into(), reason: reason() },
        Action::Pause { reason: reason() },
        Action::Resume,
        Action::Resolve { outcome: Outcome::Settled, text: "xong".to_owned() },
        Action::Answer { means: AnswerMeans::Phone, text: None },
        Action::Rate { satisfied: true, text: None },
        Action::Reopen { reason: reason() },
        Action::Duplicate { of: other },
        Action::Correct { field: Field::Place, value: "đầu ấp".to_owned(), why: "ghi thiếu".to_owned() },
        Action::Comment { text: "một ý".to_owned() },
    ];
    debug_assert_eq!(actions.len(), ACTIONS);
    actions
}
