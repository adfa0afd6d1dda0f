//! A PIN: chosen, needed, wrong, changed, taken away.

use std::path::Path;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use client_core::replica::{Replica, ReplicaError};
use client_core::vault::{KeyFile, Pin};
use jiff::Timestamp;

use super::support::{self, Server, TWO_COMMUNES, list};
use super::{PIN, bytes_of, with_pins};

const OTHER: &str = "Mai nở tháng chạp";

fn enrolled(server: &Server) -> support::Replica {
    let lan = server.enroll_as("lan", support::Replica::new("lan").with_pin(PIN));
    lan.log("Cầu hỏng", &["--unit", "30904"]);
    lan
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_795_000_000 + seconds).expect("a time")
}

/// At a time that the test sets.
fn open(home: &Path, pin: Option<&str>, now: Timestamp) -> Result<Replica, ReplicaError> {
    let pin = pin.map(Pin::typed);
    Replica::open(home, pin.as_ref(), now, &mut |_| unreachable!("it is encrypted"))
}

fn waits(opened: Result<Replica, ReplicaError>) -> i64 {
    match opened.expect_err("it must wait") {
        ReplicaError::PinWait { wait, .. } => wait.as_secs(),
        other => panic!("{other}"),
    }
}

/// A try that is judged and found wrong; how long the next has to wait.
fn wrong(home: &Path, now: Timestamp) -> i64 {
    match open(home, Some(OTHER), now).expect_err("a wrong PIN") {
        ReplicaError::WrongPin { wait } => wait.map_or(0, |w| w.as_secs()),
        other => panic!("{other}"),
    }
}

#[test]
fn without_the_pin_nothing_opens_and_nothing_is_harmed() {
    let server = Server::start(TWO_COMMUNES);
    let lan = enrolled(&server);
    let before = bytes_of(lan.home());
    for args in [&["status"][..], &["sync"], &["petition", "list"], &["pin", "remove"], &["pin", "change"]] {
        let line = with_pins(&lan, None, Some(OTHER), args).expect_err("no PIN");
        assert!(line.contains("LANGNGHE_PIN"), "{line}");
        assert_eq!(bytes_of(lan.home()), before);
    }
    let line = with_pins(&lan, Some("cửa sông 1976"), None, &["status"]).expect_err("a wrong PIN");
    assert!(line.contains("mã PIN không đúng"), "{line}");
    // The same letters from another keyboard, a mark after its letter, are the same PIN.
    let typed: String = unicode_normalization::UnicodeNormalization::nfd(PIN).collect();
    assert_ne!(typed, PIN);
    let status = with_pins(&lan, Some(&typed), None, &["status"]).expect("the PIN");
    assert_eq!((&status["pin"], &status["pending"]), (&true.into(), &1.into()));
    assert_eq!(lan.petitions().len(), 1);
}

#[test]
fn a_pin_that_anybody_would_try_is_not_taken() {
    let server = Server::start(TWO_COMMUNES);
    let code = server.code("lan");
    let bad = ["12345", "đường", "111111", "ííííííí", "123456", "234567", "987654", "678901", "210987"];
    for pin in bad {
        let lan = support::Replica::new("lan").with_pin(pin);
        let line = lan.refused(&["enroll", server.url(), &code]);
        assert!(line.contains("hãy chọn mã") && !line.contains(pin), "{line}");
        assert!(!lan.home().join("key").exists());
    }
    // The code was not spent by any of them.
    let lan = support::Replica::new("lan");
    lan.run(&["enroll", server.url(), &code]);
    for pin in bad {
        let line = with_pins(&lan, None, Some(pin), &["pin", "set"]).expect_err("refused");
        assert!(line.contains("hãy chọn mã"), "{line}");
    }
    for pin in ["121212", "123457", "hoàng yến", "902134"] {
        with_pins(&lan, None, Some(pin), &["pin", "set"]).expect(pin);
        with_pins(&lan, Some(pin), None, &["pin", "remove"]).expect(pin);
    }
}

#[test]
fn a_pin_is_set_changed_and_removed_while_the_data_stay_as_they_are() {
    let server = Server::start(TWO_COMMUNES);
    let lan = server.enroll("lan");
    lan.log("Cầu hỏng", &["--unit", "30904"]);
    let key = support::open_key(lan.home());
    let unwrapped = |pin: &str| match KeyFile::decode(&std::fs::read(lan.home().join("key")).expect("a key file")) {
        Ok(KeyFile::Pin(wrapped)) => wrapped.unwrap(&Pin::typed(pin)),
        other => panic!("{other:?}"),
    };
    let opens = |pin: Option<&str>| with_pins(&lan, pin, None, &["petition", "list"]).map(|all| list(&all).len());
    // One that has no PIN passes over what it is given.
    assert_eq!(opens(Some(OTHER)), Ok(1));
    assert!(with_pins(&lan, None, Some(PIN), &["pin", "change"]).expect_err("none yet").contains("pin set"));
    assert!(with_pins(&lan, None, None, &["pin", "remove"]).expect_err("none yet").contains("chưa có mã PIN"));
    assert!(with_pins(&lan, None, None, &["pin", "set"]).expect_err("which?").contains("LANGNGHE_NEW_PIN"));

    assert_eq!(with_pins(&lan, None, Some(PIN), &["pin", "set"]).expect("set")["pin"], true);
    assert_eq!(unwrapped(PIN), Some(key.clone()));
    assert!(opens(None).is_err());
    assert_eq!(opens(Some(PIN)), Ok(1));
    assert!(with_pins(&lan, Some(PIN), Some(OTHER), &["pin", "set"]).expect_err("there is one").contains("pin change"));

    let wrapped = std::fs::read(lan.home().join("key")).expect("a key file");
    assert_eq!(with_pins(&lan, Some(PIN), Some(OTHER), &["pin", "change"]).expect("changed")["pin"], true);
    assert_eq!((unwrapped(PIN), unwrapped(OTHER)), (None, Some(key.clone())));
    assert!(opens(Some(PIN)).expect_err("the old PIN").contains("không đúng"));
    assert_eq!(opens(Some(OTHER)), Ok(1));
    // Nothing of the wrapping is used twice, also not for the same PIN.
    with_pins(&lan, Some(OTHER), Some(PIN), &["pin", "change"]).expect("changed back");
    let again = std::fs::read(lan.home().join("key")).expect("a key file");
    assert!(wrapped[26..114].chunks(8).zip(again[26..114].chunks(8)).all(|(one, other)| one != other));

    assert_eq!(with_pins(&lan, Some(PIN), None, &["pin", "remove"]).expect("removed")["pin"], false);
    assert_eq!(support::open_key(lan.home()), key);
    assert_eq!(opens(None), Ok(1));
    lan.sync();
}

#[test]
fn wrong_pins_slow_down_and_the_right_one_resets() {
    let server = Server::start(TWO_COMMUNES);
    let lan = enrolled(&server);
    let home = lan.home();
    for _ in 1..5 {
        assert_eq!(wrong(home, at(0)), 0);
    }
    assert_eq!(wrong(home, at(0)), 30);
    // Not even the right one is tried meanwhile, and asking costs nothing.
    for second in [0, 1, 29] {
        assert_eq!(waits(open(home, Some(PIN), at(second))), 30 - second);
        assert_eq!(waits(open(home, None, at(second))), 30 - second);
    }
    let mut now = 30;
    for wait in [60, 120, 240, 480, 900, 900, 900] {
        assert_eq!(wrong(home, at(now)), wait);
        assert_eq!(waits(open(home, Some(PIN), at(now + wait - 1))), 1);
        now += wait;
    }
    assert!(matches!(open(home, None, at(now)), Err(ReplicaError::PinNeeded)));
    drop(open(home, Some(PIN), at(now)).expect("the right one"));
    // All is forgotten: five are free again.
    for _ in 1..5 {
        assert_eq!(wrong(home, at(now)), 0);
    }
    drop(open(home, Some(PIN), at(now)).expect("the right one"));
    assert!(!home.join("key.tries").exists());
    // What the program says of it.
    for _ in 0..5 {
        with_pins(&lan, Some(OTHER), None, &["status"]).expect_err("wrong");
    }
    let line = with_pins(&lan, Some(PIN), None, &["status"]).expect_err("it must wait");
    assert!(line.contains("5 lần liền") && line.contains("giây"), "{line}");
}

#[test]
fn a_clock_put_back_neither_shortens_a_wait_nor_makes_it_endless() {
    let server = Server::start(TWO_COMMUNES);
    let lan = enrolled(&server);
    let home = lan.home();
    let year = 365 * 24 * 3600;
    // Five tries while the clock stood a year ahead.
    assert_eq!((0..5).map(|_| wrong(home, at(year))).collect::<Vec<_>>(), [0, 0, 0, 0, 30]);
    assert_eq!(waits(open(home, Some(PIN), at(0))), 30);
    assert_eq!(waits(open(home, Some(PIN), at(10))), 20);
    // Put back again and again it only lasts.
    assert_eq!(waits(open(home, Some(PIN), at(-3600))), 30);
    assert_eq!(waits(open(home, Some(PIN), at(-3571))), 1);
    drop(open(home, Some(PIN), at(-3570)).expect("the wait is over"));
}

/// Whatever is done to the counter, it locks nobody out, and is no way to go on at once.
#[test]
fn a_damaged_counter_is_one_wait() {
    let server = Server::start(TWO_COMMUNES);
    let lan = enrolled(&server);
    let home = lan.home();
    for damaged in ["", "1 0", "1 0 x\n", "\u{feff}", "1 4294967295 9999999999999999\n", "2 0 0\n"] {
        std::fs::write(home.join("key.tries"), damaged).expect("written");
        assert_eq!(waits(open(home, Some(PIN), at(0))), 30, "{damaged:?}");
        drop(open(home, Some(PIN), at(30)).expect("the wait is over"));
    }
    std::fs::write(home.join("key.tries"), format!("1 4294967295 {}\n", at(0).as_millisecond())).expect("written");
    assert_eq!(waits(open(home, Some(PIN), at(0))), 900);
    assert_eq!(wrong(home, at(900)), 900);
}

fn started(replica: &support::Replica, pin: &str, new: &str, args: &[&str]) -> Child {
    let mut command = replica.command(args);
    command.env("LANGNGHE_PIN", pin).env("LANGNGHE_NEW_PIN", new);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("langnghe starts")
}

#[test]
fn a_program_killed_while_it_judges_has_used_up_a_try() {
    let server = Server::start(TWO_COMMUNES);
    let lan = enrolled(&server);
    let counter = lan.home().join("key.tries");
    let mut killed = 0;
    for _ in 0..30 {
        // The right one: a whole try would leave no counter behind.
        let mut child = started(&lan, PIN, "", &["status"]);
        let until = Instant::now() + Duration::from_secs(20);
        while !counter.exists() && child.try_wait().expect("a child").is_none() && Instant::now() < until {
            std::thread::yield_now();
        }
        child.kill().expect("killed");
        child.wait().expect("ended");
        if counter.exists() {
            killed += 1;
            let line = std::fs::read_to_string(&counter).expect("a counter");
            assert!(line.starts_with("1 1 "), "{line}");
            with_pins(&lan, Some(PIN), None, &["status"]).expect("nothing is lost");
        }
        if killed == 3 {
            return;
        }
    }
    panic!("killed while judging {killed} times");
}

#[test]
fn a_change_of_pin_that_is_killed_has_happened_or_not() {
    let server = Server::start(TWO_COMMUNES);
    let lan = enrolled(&server);
    let home = lan.home();
    let start = Instant::now();
    assert!(started(&lan, PIN, OTHER, &["pin", "change"]).wait().expect("ended").success());
    let takes = start.elapsed();
    let (mut present, mut other) = (OTHER, PIN);
    let opens = |pin: &str| open(home, Some(pin), at(0)).is_ok();
    for tenth in [3, 5, 6, 7, 8, 9, 10, 11] {
        let mut child = started(&lan, present, other, &["pin", "change"]);
        std::thread::sleep(takes * tenth / 10);
        child.kill().expect("killed, or ended by itself");
        child.wait().expect("ended");
        let _ = std::fs::remove_file(home.join("key.tries"));
        match (opens(present), opens(other)) {
            (true, false) => {}
            (false, true) => std::mem::swap(&mut present, &mut other),
            both => panic!("{both:?} after {tenth} tenths"),
        }
        assert!(!home.join("key.new").exists());
    }
    let _ = std::fs::remove_file(home.join("key.tries"));
    let all = with_pins(&lan, Some(present), None, &["petition", "list"]).expect("the PIN");
    assert_eq!(list(&all).len(), 1);
}

/// A removal killed at its last step leaves the open key beside the wrapped one, under another name: it must not stay.
#[test]
fn an_open_key_that_was_not_to_be_is_swept_away() {
    let server = Server::start(TWO_COMMUNES);
    let lan = enrolled(&server);
    let wrapped = std::fs::read(lan.home().join("key")).expect("a key file");
    with_pins(&lan, Some(PIN), None, &["pin", "remove"]).expect("removed");
    std::fs::rename(lan.home().join("key"), lan.home().join("key.new")).expect("moved");
    std::fs::write(lan.home().join("key"), wrapped).expect("written");
    with_pins(&lan, None, None, &["status"]).expect_err("the PIN is needed");
    assert!(!lan.home().join("key.new").exists());
    assert_eq!(lan.petitions().len(), 1);
}

#[cfg(unix)]
#[test]
fn the_files_of_a_folder_are_for_their_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let server = Server::start(TWO_COMMUNES);
    let lan = enrolled(&server);
    with_pins(&lan, Some(OTHER), None, &["status"]).expect_err("a wrong PIN");
    with_pins(&lan, Some(PIN), Some(OTHER), &["pin", "change"]).expect("changed");
    with_pins(&lan, Some(PIN), None, &["status"]).expect_err("a wrong PIN");
    let files = support::files(lan.home());
    assert!(files.iter().any(|(file, _)| file.ends_with("key.tries")) && files.len() >= 4, "{files:?}");
    for (file, _) in files {
        let mode = std::fs::metadata(&file).expect("a file").permissions().mode() & 0o777;
        assert_eq!(mode, 0o600, "{}", file.display());
    }
}
