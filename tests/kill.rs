//! Processes end in the middle of their work, as with a flat battery: what they had reported as done is there afterwards,
//! what they had not is there whole or not at all, and nothing is there twice.
//!
//! `LANGNGHE_KILLS` says how many processes each test ends so; `LANGNGHE_SEED` repeats a run's choices, though not its
//! timing.

mod support;

#[path = "kill/common.rs"]
mod common;
#[path = "kill/desk.rs"]
mod desk;
#[path = "kill/killer.rs"]
mod killer;
#[path = "kill/task.rs"]
mod task;

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use common::{Common, Found};
use desk::Desk;
use killer::{Killer, free_address};
use rand::SeedableRng;
use rand::rngs::StdRng;
use support::{Server, TWO_COMMUNES, number, text};

/// Devices that work at the same time.
const DESKS: u64 = 3;
/// With fewer kills chance alone decides where they land.
const ENOUGH: u64 = 100;

/// What the environment asks for.
struct Campaign {
    kills: u64,
    seed: u64,
}

impl Campaign {
    fn of(test: &str) -> Self {
        let asked = |name: &str| {
            let value = std::env::var(name).ok().filter(|v| !v.is_empty())?;
            Some(value.parse().unwrap_or_else(|_| panic!("{name} is no number: {value}")))
        };
        let kills = asked("LANGNGHE_KILLS").unwrap_or(300);
        let seed = asked("LANGNGHE_SEED").unwrap_or_else(|| support::now_millis().unsigned_abs());
        // Shown when the test fails.
        println!("{test}: LANGNGHE_SEED={seed} LANGNGHE_KILLS={kills}");
        Self { kills, seed }
    }

    fn chance(&self, who: u64) -> StdRng {
        StdRng::seed_from_u64(self.seed.wrapping_mul(31).wrapping_add(who))
    }
}

/// The officer also takes registers in, so that one device does everything.
fn directory() -> String {
    let alone = r#"posts = ["cb-30904"]"#;
    assert!(TWO_COMMUNES.contains(alone));
    TWO_COMMUNES.replace(alone, r#"posts = ["cb-30904", "ns-30904"]"#)
}

/// Devices of one officer, each with a petition and a session that all of them hold and write on.
fn open_desks(server: &Server, campaign: &Campaign) -> (Vec<Desk>, Common) {
    let mut desks: Vec<Desk> =
        (1..=DESKS).map(|n| Desk::open(server.enroll("lan"), format!("bàn {n}"), campaign.chance(n))).collect();
    let common = Common::start(desks.iter().map(Desk::replica));
    desks.iter_mut().for_each(|d| d.measure(&common));
    (desks, common)
}

#[test]
fn what_a_killed_command_reported_is_done_and_the_rest_is_done_wholly_or_not() {
    let campaign = Campaign::of("commands");
    let mut server = Server::start(&directory());
    let (mut desks, common) = open_desks(&server, &campaign);
    std::thread::scope(|scope| {
        for desk in &mut desks {
            scope.spawn(|| (0..campaign.kills.div_ceil(DESKS)).for_each(|_| desk.be_killed_at_work(&common)));
        }
    });
    let acknowledged = has_what_was_acknowledged(&server, &common, &desks);
    let all = everything_meets(&mut server, &common, &desks);

    let total = |count: fn(&Desk) -> u64| desks.iter().map(count).sum::<u64>();
    let (kills, running, landed) = (total(|d| d.kills), total(|d| d.running), total(|d| d.landed));
    println!(
        "commands: {kills} kills, {running} of them while running, {landed} of these after the work had been kept; \
         {acknowledged} acknowledged pieces of work checked before the last sync, {all} after it"
    );
    assert!(kills >= campaign.kills && running * 2 >= kills, "{running} of {kills} were still running");
    // Between the first instruction and the last: some had done their work already, most had not.
    let spread = landed > 0 && landed * 10 <= running * 8;
    assert!(spread || kills < ENOUGH, "{landed} of {running} had done their work");
}

#[test]
fn a_killed_server_has_kept_what_it_acknowledged() {
    let campaign = Campaign::of("server");
    let mut server = Server::init(&directory());
    let address = free_address();
    server.serve_at(&address);
    let (mut desks, common) = open_desks(&server, &campaign);
    server.stop();

    let pace = desks.iter().map(Desk::sync_takes).min().expect("there are desks");
    let mut killer = Killer::new(&server, &address, pace, campaign.chance(0));
    let (over, begun) = (AtomicBool::new(false), AtomicU64::new(0));
    std::thread::scope(|scope| {
        for desk in &mut desks {
            scope.spawn(|| {
                let _over = OnDrop(&over);
                while !over.load(Ordering::Relaxed) {
                    desk.work_and_sync(&common, &begun);
                }
            });
        }
        // Whoever finds something wrong, all come to their end.
        let _over = OnDrop(&over);
        while killer.kills < campaign.kills && !over.load(Ordering::Relaxed) {
            killer.kill_once(&begun);
        }
    });
    let Killer { kills, listening, .. } = killer;
    server.serve_at(&address);
    let acknowledged = has_what_was_acknowledged(&server, &common, &desks);
    let all = everything_meets(&mut server, &common, &desks);

    let total = |count: fn(&Desk) -> u64| desks.iter().map(count).sum::<u64>();
    let (whole, cut) = (total(|d| d.synced), total(|d| d.cut));
    println!(
        "server: {kills} kills, {listening} of them while serving; {whole} syncs came to their end, {cut} did not; \
         {acknowledged} acknowledged pieces of work checked before the last sync, {all} after it"
    );
    assert!(kills >= campaign.kills && listening * 2 >= kills, "{listening} of {kills} were serving");
    let spread = whole * 5 >= kills && cut * 5 >= kills;
    assert!(spread || kills < ENOUGH, "{whole} syncs came to their end, {cut} did not");
}

struct OnDrop<'a>(&'a AtomicBool);

impl Drop for OnDrop<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Before any device syncs again: a new device of Front staff, which has it all from the server, finds everything that
/// some device was told is kept. How much that is.
fn has_what_was_acknowledged(server: &Server, common: &Common, desks: &[Desk]) -> usize {
    let office = server.enroll("thu");
    let found = Found::at(&office, common);
    for desk in desks {
        found.each_once(desk.acknowledged(), "the server acknowledged it");
    }
    found.none_unknown(desks.iter().map(Desk::words));
    desks.iter().map(|d| d.acknowledged().len()).sum()
}

/// Everybody syncs: everything that was ever done is everywhere, once, and the server's caches are what its log makes
/// of them. How much it is.
fn everything_meets(server: &mut Server, common: &Common, desks: &[Desk]) -> usize {
    for _ in 0..2 {
        desks.iter().for_each(|d| drop(d.replica().sync()));
    }
    let office = server.enroll("thu");
    let found = Found::at(&office, common);
    for desk in desks {
        found.each_once(desk.words(), "it was done");
        Found::at(desk.replica(), common).same_as(&found, desk.name());
    }
    found.none_unknown(desks.iter().map(Desk::words));
    server.assert_well();
    let now = support::now().to_string();
    let report = |server: &Server| server.run(&["report", "monthly", "--month", &now[..7], "--as-of", &now]);
    let before = report(server);
    server.stop();
    let rebuilt = server.run(&["rebuild"]);
    assert_eq!((rebuilt["same"].as_bool(), text(&rebuilt, "before")), (Some(true), text(&rebuilt, "after")));
    assert_eq!(report(server), before, "the month after the rebuild");
    let petitions = found.petitions();
    // Petitions, sessions and the directory.
    assert_eq!(number(&rebuilt, "records"), petitions + DESKS + 1);
    desks.iter().map(|d| d.words().len()).sum()
}
