//! A line of 256 kbit/s with 600 ms there and back, cut again and again: everything comes, once, and little of it twice
//! over the line.
//!
//! `LANGNGHE_SEED` repeats a run's choices.

mod support;

#[path = "slow_link/line.rs"]
mod line;

use std::collections::BTreeSet;
use std::path::Path;
use std::time::Instant;

use line::{Cut, Line, Quality, Way};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use support::{Json, Replica, Server, TWO_COMMUNES, list, number, speech, text};

/// So many that a first sync takes the line about 20 s.
const PETITIONS: usize = 1700;
const CUTS: u64 = 10;
/// So many that they do not go up in one piece.
const IN_PARTS: usize = 700;
const LOGGED_OFFLINE: usize = 40;
const MAPPING: &str = r#"
[source]
name = "so-cu"
key = "so"
[petition]
unit = { value = "30904" }
kind = { value = "feedback" }
channel = { value = "letter" }
text = { column = "noi_dung" }
logged_at = { column = "ngay", format = "%Y-%m-%d" }
"#;

fn chance(test: &str) -> StdRng {
    let asked = std::env::var("LANGNGHE_SEED").ok().filter(|v| !v.is_empty());
    let seed = asked.map_or(2026, |v| v.parse().unwrap_or_else(|_| panic!("LANGNGHE_SEED is no number: {v}")));
    // Shown when the test fails.
    println!("{test}: LANGNGHE_SEED={seed}");
    StdRng::seed_from_u64(seed)
}

#[test]
fn a_first_sync_over_a_line_that_is_cut_ten_times_comes_to_its_end() {
    let mut chance = chance("first sync");
    let server = Server::start(TWO_COMMUNES);
    import_a_register(&server, &mut chance);

    // What it costs where nothing is cut.
    let line = Line::to(server.address(), Quality::PERFECT);
    let uncut = Replica::new("thu");
    uncut.run(&["enroll", &line.url(), &server.code("thu")]);
    let bytes = line.carried(Way::Down);

    let line = Line::to(server.address(), Quality::VILLAGE);
    line.cut(cuts(bytes, &mut chance));
    let start = Instant::now();
    let replica = Replica::new("thu");
    let mut held = Held::default();
    let mut tries = 1;
    // The replica is there; its first sync was cut.
    let (code, _) = replica.fails(&["enroll", &line.url(), &server.code("thu")]);
    assert_eq!(code, 1);
    loop {
        held.grows(&replica);
        line.mend();
        tries += 1;
        let out = replica.command(&["sync"]).output().expect("langnghe starts");
        if out.status.success() {
            break;
        }
        assert!(line.cuts_left() > 0 || tries < 20, "{}", String::from_utf8_lossy(&out.stderr));
    }
    let took = start.elapsed();
    let travelled = line.carried(Way::Down);
    let times = travelled as f64 / bytes as f64;
    println!(
        "first sync: {PETITIONS} petitions, {bytes} bytes uncut; {CUTS} cuts, {tries} commands, {travelled} bytes \
         ({times:.2} times) in {took:.1?}"
    );
    assert_eq!(line.cuts_left(), 0, "the corpus is too small for so many cuts");
    assert!(travelled * 10 <= bytes * 13, "{travelled} bytes came down, {bytes} without cuts");
    assert!(held.grew >= 3, "seen on its way: {held:?}");

    let status = replica.run(&["status"]);
    assert!(status["last_sync"].is_string(), "{status}");
    assert_eq!(number(&status, "records"), number(&uncut.run(&["status"]), "records"));
    let petitions = all(&replica);
    let ids: BTreeSet<&str> = petitions.iter().map(|p| text(p, "id")).collect();
    assert_eq!((petitions.len(), ids.len()), (PETITIONS, PETITIONS), "petitions, different petitions");
    assert_eq!(petitions, all(&uncut));
    // It follows the log from here like anybody.
    assert_eq!(number(&replica.sync(), "pulled"), 0);
    server.assert_well();
}

#[test]
fn what_was_logged_offline_arrives_once_over_a_line_that_is_cut() {
    let mut chance = chance("push");
    let server = Server::start(TWO_COMMUNES);
    let line = Line::to(server.address(), Quality::VILLAGE);
    let officer = Replica::new("xa");
    officer.run(&["enroll", &line.url(), &server.code("xa")]);
    let said: BTreeSet<String> = (0..LOGGED_OFFLINE)
        .map(|n| {
            let said = format!("[{n}] {}", speech(&mut chance, 1000));
            officer.log(&said, &["--unit", "30910"]);
            said
        })
        .collect();
    assert_eq!(number(&officer.run(&["status"]), "pending"), LOGGED_OFFLINE as u64);
    let kept_before = kept(&server);
    // On the way up, and when the server has it and only its answer is lost.
    let up = (0..5).map(|_| Cut { way: Way::Up, after: chance.random_range(300..12_000), stays: true });
    let mut cuts: Vec<Cut> = up.collect();
    cuts.extend((0..3).map(|_| Cut { way: Way::Down, after: chance.random_range(1..300), stays: true }));
    let number_of_cuts = cuts.len();
    line.cut(cuts);
    let (start, mut tries) = (Instant::now(), 1);
    let mut pending = LOGGED_OFFLINE as u64;
    let report = loop {
        let out = officer.command(&["sync"]).output().expect("langnghe starts");
        if out.status.success() {
            break serde_json::from_slice::<Json>(&out.stdout).expect("one JSON value");
        }
        let left = number(&officer.run(&["status"]), "pending");
        assert!(left <= pending, "{left} wait, {pending} before");
        pending = left;
        assert!(line.cuts_left() > 0 || tries < 20, "{}", String::from_utf8_lossy(&out.stderr));
        line.mend();
        tries += 1;
    };
    println!("push: {LOGGED_OFFLINE} petitions, {number_of_cuts} cuts, {tries} commands, {:.1?}", start.elapsed());
    assert_eq!(line.cuts_left(), 0, "the push is too small for so many cuts");
    assert_eq!((number(&report, "pending"), number(&report, "refused")), (0, 0), "{report}");

    let other = server.enroll("xa");
    for replica in [&officer, &other] {
        let petitions = all(replica);
        let arrived: BTreeSet<String> = petitions.iter().map(|p| text(p, "text").to_owned()).collect();
        assert_eq!(petitions.len(), LOGGED_OFFLINE);
        assert!(arrived == said, "not what was said");
    }
    assert_eq!(kept(&server), kept_before.map(|n| n + LOGGED_OFFLINE as u64), "records, changes");
    server.assert_well();
}

#[test]
fn more_than_a_line_ever_carries_in_one_piece_goes_up_in_parts() {
    let mut chance = chance("parts");
    let server = Server::start(TWO_COMMUNES);
    let line = Line::to(server.address(), Quality::PERFECT);
    let clerk = Replica::new("quan");
    clerk.run(&["enroll", &line.url(), &server.code("quan")]);
    let done = import(&clerk, server.folder(), &mut chance, IN_PARTS);
    assert_eq!(number(&done, "added"), IN_PARTS as u64, "{done}");
    // The line breaks whenever so many bytes have gone up; the whole is several times as long.
    let cut = Cut { way: Way::Up, after: 100_000, stays: true };
    line.cut(std::iter::repeat_n(cut, 100));
    let (before, mut tries) = (line.carried(Way::Up), 0);
    loop {
        tries += 1;
        let done = clerk.command(&["sync"]).output().expect("langnghe starts").status.success();
        if done {
            break;
        }
        assert!(tries < 30, "it gets no further");
        line.mend();
    }
    let carried = line.carried(Way::Up) - before;
    println!("parts: {IN_PARTS} petitions, {carried} bytes up in {tries} commands");
    assert!(tries >= 4, "too little for this line: {carried} bytes in {tries} commands");
    let other = server.enroll("quan");
    assert_eq!(all(&other), all(&clerk));
    assert_eq!(all(&other).len(), IN_PARTS);
    server.assert_well();
}

/// How many records and changes the server has.
fn kept(server: &Server) -> [u64; 2] {
    let verified = server.run(&["verify"]);
    ["records", "changes"].map(|what| number(&verified, what))
}

/// Somebody else's register lies on the server.
fn import_a_register(server: &Server, chance: &mut StdRng) {
    let clerk = server.enroll("quan");
    let done = import(&clerk, server.folder(), chance, PETITIONS);
    assert_eq!(number(&done, "added"), PETITIONS as u64, "{done}");
    clerk.sync();
}

/// Takes in a register of so many letters.
fn import(clerk: &Replica, folder: &Path, chance: &mut StdRng, letters: usize) -> Json {
    let (register, mapping) = (folder.join("so-cu.csv"), folder.join("so-cu.toml"));
    let rows = (0..letters).map(|n| {
        let bytes = chance.random_range(600..1400);
        format!("{n},2026-01-{:02},{}\n", 1 + n % 28, speech(chance, bytes))
    });
    std::fs::write(&register, format!("so,ngay,noi_dung\n{}", rows.collect::<String>())).expect("a file");
    std::fs::write(&mapping, MAPPING).expect("a file");
    let path = |path: &Path| path.to_str().expect("a path of letters").to_owned();
    clerk.run(&["import", &path(&register), "--mapping", &path(&mapping)])
}

/// Anywhere but at the very ends of so many bytes; after every other one the line stays down, so that the person has to
/// try again.
fn cuts(bytes: u64, chance: &mut StdRng) -> Vec<Cut> {
    let mut places: Vec<u64> = (0..CUTS).map(|_| chance.random_range(bytes / 20..bytes)).collect();
    places.sort_unstable();
    let mut before = 0;
    let cut = |(n, place): (usize, u64)| Cut {
        way: Way::Down,
        after: place - std::mem::replace(&mut before, place),
        stays: n.is_multiple_of(2),
    };
    places.into_iter().enumerate().map(cut).collect()
}

/// What a replica said it holds while its first sync was not complete.
#[derive(Debug, Default)]
struct Held {
    records: u64,
    petitions: u64,
    /// How often there was more than before.
    grew: u32,
}

impl Held {
    /// It never holds less than before, what it says it holds can be read, and it does not claim to be complete.
    fn grows(&mut self, replica: &Replica) {
        let status = replica.run(&["status"]);
        assert!(status["last_sync"].is_null(), "{status}");
        let (records, petitions) = (number(&status, "records"), number(&status, "petitions"));
        let now = Held { records, petitions, grew: self.grew + u32::from(petitions > self.petitions) };
        assert!(now.records >= self.records && now.petitions >= self.petitions, "{self:?}, then {now:?}");
        assert!(now.petitions < PETITIONS as u64, "{status}");
        assert_eq!(all(replica).len() as u64, now.petitions);
        *self = now;
    }
}

/// Every petition, in one order.
fn all(replica: &Replica) -> Vec<Json> {
    let listed = replica.run(&["petition", "list", "--limit", "1000000"]);
    let mut petitions = list(&listed).to_vec();
    petitions.sort_by(|a, b| text(a, "id").cmp(text(b, "id")));
    petitions
}
