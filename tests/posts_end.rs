//! A post ends while its holder is out of reach: what was done before that could be known counts, what was done after does
//! not. Days pass by a clock that the tests set.

mod support;

use std::sync::atomic::{AtomicI64, Ordering};

use client_core::command::{Command, CommandError, DirectoryChange, NewEvent};
use client_core::replica::Replica;
use client_core::syncer::{self, SyncReport};
use jiff::Timestamp;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use support::{Fault, Hosted, Link, TWO_COMMUNES, copy_folder, reopened};
use sync::id::{EventId, RecordId};
use sync::model::directory::{EntityKind, Fields, Value};
use sync::model::petition::{Action, Channel, Facts, Kind};
use sync::wire::RefusalCode;

/// Each test has a world, and so a clock, of its own.
macro_rules! clock {
    () => {{
        static CLOCK: AtomicI64 = AtomicI64::new(0);
        fn now() -> Timestamp {
            Timestamp::from_millisecond(CLOCK.load(Ordering::SeqCst)).expect("a time")
        }
        (&CLOCK, now)
    }};
}

struct World {
    server: Hosted,
    clock: (&'static AtomicI64, fn() -> Timestamp),
    chance: StdRng,
    lan: Option<Replica>,
    administrator: Replica,
}

impl World {
    /// Lan is officer and Front staff. She and the administrator have synced on 2 November, and logged the first petition.
    fn new(clock: (&'static AtomicI64, fn() -> Timestamp)) -> (Self, RecordId) {
        set(clock.0, 2);
        let directory = TWO_COMMUNES.replace(r#"posts = ["cb-30904"]"#, r#"posts = ["cb-30904", "tn-30904"]"#);
        let server = Hosted::start(&directory, clock.1);
        let mut chance = StdRng::seed_from_u64(7);
        let lan = server.enroll("lan", "lan", &mut |b| chance.fill_bytes(b));
        let administrator = server.enroll("quan", "quan", &mut |b| chance.fill_bytes(b));
        let mut world = Self { server, clock, chance, lan: Some(lan), administrator };
        world.sync_administrator();
        world.sync(Fault::None).expect("a sync");
        let record = world.log("câu đầu");
        world.sync(Fault::None).expect("a sync");
        (world, record)
    }

    fn day(&self, day: i64) {
        set(self.clock.0, day);
    }

    fn now(&self) -> Timestamp {
        (self.clock.1)()
    }

    fn id(&mut self) -> uuid::Uuid {
        let mut random = [0; 10];
        self.chance.fill_bytes(&mut random);
        uuid::Builder::from_unix_timestamp_millis(self.now().as_millisecond().unsigned_abs(), &random).into_uuid()
    }

    fn lan(&mut self) -> &mut Replica {
        self.lan.as_mut().expect("her replica is open")
    }

    fn try_log(&mut self, text: &str) -> Result<RecordId, CommandError> {
        let record = RecordId(self.id());
        let now = self.now();
        let facts = Facts::new(Kind::Feedback, "30904", Channel::Letter, text, now, "cb-30904");
        let command = Command::LogPetition { record, facts, events: Vec::new() };
        self.lan().execute(command, now).map(|_| record)
    }

    fn log(&mut self, text: &str) -> RecordId {
        self.try_log(text).expect("as far as her replica knows she may log")
    }

    fn act(&mut self, record: RecordId, action: Action, post: &str) {
        let (id, now) = (EventId(self.id()), self.now());
        let event = NewEvent::new(id, action, now, post.into());
        self.lan().execute(Command::PetitionEvent { record, event }, now).expect("as far as her replica knows");
    }

    fn sync(&mut self, fault: Fault) -> Result<SyncReport, syncer::SyncError> {
        let mut link = Link::new(self.server.url(), fault);
        let (now, chance) = (self.clock.1, &mut self.chance);
        let lan = self.lan.as_mut().expect("her replica is open");
        syncer::sync(lan, &mut link, &now, &mut |b| chance.fill_bytes(b))
    }

    fn sync_administrator(&mut self) {
        let mut link = Link::new(self.server.url(), Fault::None);
        let (now, chance) = (self.clock.1, &mut self.chance);
        let report = syncer::sync(&mut self.administrator, &mut link, &now, &mut |b| chance.fill_bytes(b));
        assert_eq!(report.expect("a sync").refused, 0);
    }

    /// On 5 November both posts are taken from Lan, one of them as of the beginning of the month.
    fn posts_end(&mut self) {
        self.day(5);
        let none = Fields::from([("posts".to_owned(), Value::List(Vec::new()))]);
        let over = Fields::from([("valid_to".to_owned(), Value::Text("2026-11-01".to_owned()))]);
        let changes = vec![
            DirectoryChange {
                revision: EventId(self.id()),
                kind: EntityKind::User,
                entity: "lan".to_owned(),
                fields: none,
            },
            DirectoryChange {
                revision: EventId(self.id()),
                kind: EntityKind::Post,
                entity: "tn-30904".to_owned(),
                fields: over,
            },
        ];
        let now = self.now();
        let command = Command::Directory { changes, at: now, by: "qt".into() };
        self.administrator.execute(command, now).expect("an administrator may");
        self.sync_administrator();
    }

    fn refused(&mut self) -> Vec<RefusalCode> {
        self.lan().refused().expect("readable").into_iter().map(|r| r.code).collect()
    }
}

fn set(clock: &AtomicI64, day: i64) {
    let first: Timestamp = "2026-11-01T08:00:00+07:00".parse().expect("a time");
    clock.store(first.as_millisecond() + (day - 1) * 86_400_000, Ordering::SeqCst);
}

#[test]
fn what_was_done_out_of_reach_counts_however_many_requests_it_takes() {
    let (mut world, _) = World::new(clock!());
    world.posts_end();
    world.day(9);
    let long = "đ".repeat(20_000);
    (0..150).for_each(|_| {
        world.log(&long);
    });
    let report = world.sync(Fault::None).expect("a sync");
    assert!(report.requests > 1, "one request holds it all: {report:?}");
    assert_eq!((report.pushed, report.refused, report.pending), (150, 0, 0));
}

#[test]
fn what_is_run_again_after_a_refusal_counts_as_it_did_before() {
    let (mut world, petition) = World::new(clock!());
    world.posts_end();
    world.day(9);
    world.act(petition, Action::Receive, "tn-30904");
    world.act(petition, Action::Comment { text: "đã đến xem".to_owned() }, "cb-30904");
    let report = world.sync(Fault::None).expect("a sync");
    assert_eq!(world.refused(), [RefusalCode::NotAllowed], "that post had ended before she did it");
    assert_eq!((report.pushed, report.refused, report.pending), (1, 1, 0));
}

#[test]
fn what_was_said_in_an_answer_that_was_lost_was_not_said() {
    let (mut world, _) = World::new(clock!());
    world.posts_end();
    world.day(9);
    assert!(world.sync(Fault::AnswerLost).is_err());
    world.day(10);
    world.log("hôm sau");
    let report = world.sync(Fault::None).expect("a sync");
    assert_eq!((report.pushed, report.refused), (1, 0));
}

#[test]
fn once_told_neither_the_replica_nor_an_old_copy_of_it_may_go_on() {
    let (mut world, _) = World::new(clock!());
    let home = world.server.home("lan");
    let old = world.server.home("lan-old");
    world.lan = None;
    copy_folder(&home, &old);
    world.lan = Some(reopened(&home));
    world.posts_end();
    world.day(9);
    world.sync(Fault::None).expect("a sync");
    assert!(world.try_log("không được").is_err(), "her replica knows it");
    world.day(10);
    world.sync(Fault::None).expect("a sync");
    world.lan = Some(reopened(&old));
    world.log("bản cũ");
    let report = world.sync(Fault::None).expect("a sync");
    assert_eq!((report.pushed, report.refused), (0, 1));
    assert_eq!(world.refused(), [RefusalCode::NotAllowed]);
}

#[test]
fn a_device_that_never_shows_what_it_was_told_gains_no_more_than_the_lease() {
    let (mut world, _) = World::new(clock!());
    world.posts_end();
    for day in [9, 15, 23] {
        world.day(day);
        world.log("vẫn chưa biết");
        // The server has it; its answer never arrives.
        assert!(world.sync(Fault::AnswerLost).is_err());
    }
    world.day(24);
    world.log("quá hạn");
    let report = world.sync(Fault::None).expect("a sync");
    assert_eq!((report.pushed, report.refused), (3, 1), "14 days after the 9th");
}
