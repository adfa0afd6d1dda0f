//! A device that has been away too long hides what it was entrusted with, and goes on taking down what people say. Days
//! pass by clocks that the tests set: the server's, and the device's.

mod support;

use std::path::Path;
use std::sync::atomic::{AtomicI64, Ordering};

use client_core::command::{Command, CommandError};
use client_core::replica::ReplicaError;
use client_core::syncer;
use jiff::{SignedDuration, Timestamp};
use support::{Fault, Hosted, Json, Link, Replica, TWO_COMMUNES, list, text};
use sync::id::RecordId;
use sync::model::petition::Channel;
use sync::model::session::SessionFacts;

const DAY: i64 = 86_400;

/// The true time and so many days: each test has its own.
macro_rules! clock {
    () => {{
        static DAYS: AtomicI64 = AtomicI64::new(0);
        fn now() -> Timestamp {
            let days = DAYS.load(Ordering::SeqCst);
            support::now().checked_add(SignedDuration::from_secs(days * DAY)).expect("a time")
        }
        (&DAYS, now as fn() -> Timestamp)
    }};
}

struct World {
    server: Hosted,
    days: &'static AtomicI64,
    lan: Replica,
}

/// Lan has a petition of a session, which the server has, and is told of it.
struct Entrusted {
    session: String,
    petition: String,
    code: String,
}

impl World {
    fn new((days, now): (&'static AtomicI64, fn() -> Timestamp)) -> (Self, Entrusted) {
        let server = Hosted::start(TWO_COMMUNES, now);
        let lan = Replica::new("lan");
        lan.run(&["enroll", server.url(), &server.code("lan")]);
        let session = lan.run(&["session", "log", "--kind", "dialogue", "--unit", "30904", "--title", "Buổi cũ"]);
        let session = text(&session, "id").to_owned();
        lan.run(&["session", "minutes", &session, "--append", "Mở đầu"]);
        let petition = lan.log("Cầu ván mục", &["--session", &session]);
        let code = text(&lan.show(&petition), "code").to_owned();
        lan.sync();
        (Self { server, days, lan }, Entrusted { session, petition, code })
    }

    /// So many days have passed for everybody since the beginning.
    fn pass(&self, days: i64) {
        self.days.store(days, Ordering::SeqCst);
        self.lan.set_clock(days);
    }

    fn lease(&self) -> Json {
        self.lan.run(&["status"])["lease"].clone()
    }
}

fn hides(lan: &Replica, old: &Entrusted) {
    let Entrusted { session, petition, code } = old;
    let out = lan.home().join("so.xlsx");
    let out = out.to_str().expect("a path");
    let hidden: &[&[&str]] = &[
        &["petition", "show", petition],
        &["petition", "show", code],
        &["petition", "comment", petition, "--text", "Đã gặp"],
        &["petition", "correct", code, "--field", "urgent", "--to", "yes", "--why", "gấp"],
        &["petition", "split", petition, "--text", "Phần hai"],
        &["session", "show", session],
        &["session", "minutes", session, "--append", "Thêm"],
        &["session", "minutes", session, "--replace", "Mở", "--with", "Kết"],
        &["session", "conclude", session, "--text", "Xong"],
        &["export", "petitions", "--out", out],
    ];
    for args in hidden {
        let line = lan.refused(args);
        assert!(line.contains("tạm ẩn") && line.contains("langnghe sync"), "{args:?}: {line}");
        assert!(!line.contains("Cầu ván"), "{line}");
    }
    assert!(!Path::new(out).exists());
}

#[test]
fn twenty_days_away_hide_what_is_old_and_stop_no_logging() {
    let (world, old) = World::new(clock!());
    let lan = &world.lan;
    world.pass(13);
    assert_eq!(world.lease()["expired"], Json::Bool(false));
    assert_eq!(lan.petitions().len(), 1);
    world.pass(20);
    let lease = world.lease();
    assert_eq!(lease["expired"], Json::Bool(true));
    assert!(
        text(&lease, "until")
            < support::now().checked_add(SignedDuration::from_hours(24 * 15)).expect("a time").to_string().as_str()
    );
    hides(lan, &old);
    // With nothing else to show, lists say why.
    for args in [&["petition", "list"][..], &["petition", "list", "--search", "cau"], &["session", "list"]] {
        assert!(lan.refused(args).contains("tạm ẩn"));
    }
    // Logging goes on, in the old session too; what is new is seen, and can be gone on with.
    let new = lan.log("Đèn tắt", &["--session", &old.session]);
    let alone = lan.log("Kênh cạn", &["--unit", "30904"]);
    let opened = lan.run(&["session", "log", "--kind", "visit", "--unit", "30904"]);
    lan.run(&["session", "minutes", text(&opened, "id"), "--append", "Gặp bà con"]);
    lan.petition("comment", &new, &["--text", "Đã ghi"]);
    assert_eq!(text(&lan.show(&new), "session"), old.session);
    let seen: Vec<String> = lan.petitions().iter().map(|p| text(p, "id").to_owned()).collect();
    assert!(seen.contains(&new) && seen.contains(&alone) && !seen.contains(&old.petition), "{seen:?}");
    assert_eq!(list(&lan.run(&["session", "list"])).len(), 1);
    assert_eq!(list(&lan.run(&["petition", "list", "--search", "den tat"])).len(), 1);
    assert!(lan.refused(&["petition", "list", "--search", "cau van"]).contains("tạm ẩn"), "not found is not the truth");
    hides(lan, &old);
    lan.run(&["refused", "list"]);
    // Contact, and all is there.
    lan.sync();
    assert_eq!(world.lease()["expired"], Json::Bool(false));
    assert_eq!(lan.petitions().len(), 3);
    assert_eq!(text(&lan.show(&old.petition), "text"), "Cầu ván mục");
    lan.petition("comment", &old.petition, &["--text", "Đã gặp"]);
    world.pass(33);
    assert_eq!(world.lease()["expired"], Json::Bool(false));
    world.pass(35);
    assert_eq!(world.lease()["expired"], Json::Bool(true));
}

#[test]
fn putting_the_clock_back_shows_nothing_and_hides_nothing_after_contact() {
    let (world, old) = World::new(clock!());
    let lan = &world.lan;
    // Once seen, a time has passed, also where nothing but the status was looked at.
    lan.set_clock(20);
    assert_eq!(world.lease()["expired"], Json::Bool(true));
    lan.set_clock(0);
    assert_eq!(world.lease()["expired"], Json::Bool(true));
    hides(lan, &old);
    lan.set_clock(-300);
    hides(lan, &old);
    // The clock was far ahead by mistake: contact puts that right too, and it does not come back.
    lan.set_clock(0);
    lan.sync();
    assert_eq!(world.lease()["expired"], Json::Bool(false));
    assert_eq!(lan.petitions().len(), 1);
    world.pass(13);
    assert_eq!(world.lease()["expired"], Json::Bool(false));
}

#[test]
fn a_couriers_reply_renews_the_lease() {
    let (world, old) = World::new(clock!());
    let lan = &world.lan;
    let hoa = Replica::new("thu");
    hoa.run(&["enroll", world.server.url(), &world.server.code("thu")]);
    world.pass(20);
    hoa.set_clock(20);
    assert_eq!(world.lease()["expired"], Json::Bool(true));
    let new = lan.log("Đèn tắt", &["--unit", "30904"]);
    let carry = |name: &str| {
        let file = lan.home().join(name);
        let file = file.to_str().expect("a path").to_owned();
        lan.run(&["bundle", "request", &file]);
        hoa.run(&["bundle", "carry", &file]);
        format!("{file}.reply")
    };
    let reply = carry("goi");
    hides(lan, &old);
    // It comes back on the third day after: the lease counts from the server's word, not from the day it is read.
    world.pass(23);
    lan.run(&["bundle", "apply", &reply]);
    assert_eq!(world.lease()["expired"], Json::Bool(false));
    assert_eq!(lan.petitions().len(), 2);
    assert_eq!(lan.status_of(&new), "logged");
    world.pass(33);
    assert_eq!(world.lease()["expired"], Json::Bool(false));
    world.pass(35);
    assert_eq!(world.lease()["expired"], Json::Bool(true));
    // A reply that was kept for long is worth no more than it was.
    hoa.set_clock(35);
    let reply = carry("goi2");
    world.pass(60);
    assert_eq!(world.lease()["expired"], Json::Bool(true));
    lan.set_clock(35);
    lan.run(&["bundle", "apply", &reply]);
    assert_eq!(world.lease()["expired"], Json::Bool(true));
    hides(lan, &old);
}

/// Whatever program asks the core, not the command line alone, is refused what is old.
#[test]
fn the_core_itself_does_nothing_to_what_is_old() {
    let (days, now) = clock!();
    let server = Hosted::start(TWO_COMMUNES, now);
    let mut drawn = 0u8;
    let mut rng = |buffer: &mut [u8]| {
        drawn += 1;
        buffer.fill(drawn);
    };
    let mut lan = server.enroll("lan", "lan", &mut rng);
    let record = RecordId::from_bytes([7; 16]);
    let facts = SessionFacts {
        kind: Channel::Dialogue,
        unit: "30904".into(),
        at: now(),
        stamped: None,
        title: None,
        chair: None,
        present: None,
        by: "cb-30904".into(),
    };
    syncer::sync(&mut lan, &mut Link::new(server.url(), Fault::None), &now, &mut rng).expect("a sync");
    lan.execute(Command::OpenSession { record, facts }, now()).expect("opened");
    syncer::sync(&mut lan, &mut Link::new(server.url(), Fault::None), &now, &mut rng).expect("a sync");
    let write = || Command::AppendMinutes { record, text: "Thêm".to_owned(), paragraph: None };
    lan.execute(write(), now()).expect("written");
    days.store(20, Ordering::SeqCst);
    let refused =
        |done: Result<_, CommandError>| matches!(done, Err(CommandError::Replica(ReplicaError::PastLease { .. })));
    assert!(refused(lan.execute(write(), now()).map(drop)));
    assert!(refused(lan.execute_together(&[write()], now()).map(drop)));
    assert!(matches!(lan.execute_all(&[write()], now()), Err(ReplicaError::PastLease { .. })));
}
