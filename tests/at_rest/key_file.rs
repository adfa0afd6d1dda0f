//! Key files that are missing, damaged, another's or a newer program's.

use std::path::Path;

use super::support::{Replica, Server, TWO_COMMUNES};
use super::{PIN, bytes_of, with_pins};

/// Every command says so, the database is as it was, and a new enrolment makes nothing over it.
fn refused(server: &Server, replica: &Replica, pin: Option<&str>, says: &str) {
    let before = bytes_of(replica.home());
    let enroll = ["enroll", server.url(), &server.code("lan")];
    for args in [&["status"][..], &["petition", "list"], &["sync"], &["pin", "set"], &["pin", "remove"]] {
        let line = with_pins(replica, pin, Some("một mã khác"), args).expect_err("refused");
        assert!(line.contains(says), "{args:?}: {line}");
        assert_eq!(bytes_of(replica.home()), before, "{args:?}");
    }
    let line = with_pins(replica, pin, None, &enroll).expect_err("refused");
    assert!(line.contains("đã ghi danh rồi"), "{line}");
    assert_eq!(bytes_of(replica.home()), before);
}

fn key(replica: &Replica) -> std::path::PathBuf {
    replica.home().join("key")
}

fn well(replica: &Replica, pin: Option<&str>) {
    let all = with_pins(replica, pin, None, &["petition", "list"]).expect("well again");
    assert!(super::support::list(&all).iter().any(|petition| petition["text"] == "Cầu hỏng"), "{all}");
    with_pins(replica, pin, None, &["sync"]).expect("well again");
}

fn enrolled(server: &Server, pin: Option<&str>) -> Replica {
    let lan = Replica::new("lan");
    let lan = server.enroll_as("lan", if let Some(pin) = pin { lan.with_pin(pin) } else { lan });
    lan.log("Cầu hỏng", &["--unit", "30904"]);
    lan
}

/// A database taken without its key file is of no use to whoever has it, and not made anew by whoever lost it.
#[test]
fn a_database_without_its_key_file() {
    let server = Server::start(TWO_COMMUNES);
    for pin in [None, Some(PIN)] {
        let lan = enrolled(&server, pin);
        let kept = std::fs::read(key(&lan)).expect("a key file");
        std::fs::remove_file(key(&lan)).expect("removed");
        refused(&server, &lan, pin, "thiếu tệp khoá");
        std::fs::write(key(&lan), kept).expect("written");
        well(&lan, pin);
    }
}

#[test]
fn a_damaged_key_file_is_told_from_a_wrong_pin() {
    let server = Server::start(TWO_COMMUNES);
    for pin in [None, Some(PIN)] {
        let lan = enrolled(&server, pin);
        let kept = std::fs::read(key(&lan)).expect("a key file");
        let flipped = |at: usize| {
            let mut bytes = kept.clone();
            bytes[at] ^= 0x10;
            bytes
        };
        let last = kept.len() - 1;
        let cut = [Vec::new(), kept[..last].to_vec(), kept[..12].to_vec(), [&kept[..], b"\n"].concat()];
        let damaged: Vec<Vec<u8>> = [0, 12, 13, 14, 30, last].map(flipped).into_iter().chain(cut).collect();
        for bytes in damaged {
            std::fs::write(key(&lan), bytes).expect("written");
            let line = with_pins(&lan, pin, None, &["status"]).expect_err("damaged");
            assert!(line.contains("tệp khoá") && line.contains("hỏng"), "{line}");
        }
        refused(&server, &lan, pin, "hỏng");
        assert!(!lan.home().join("key.tries").exists(), "no try was made");
        std::fs::write(key(&lan), kept).expect("written");
        well(&lan, pin);
    }
}

#[test]
fn a_key_file_of_a_newer_program_is_not_touched() {
    let server = Server::start(TWO_COMMUNES);
    let lan = enrolled(&server, Some(PIN));
    let kept = std::fs::read(key(&lan)).expect("a key file");
    let mut newer = [&kept[..12], &[2], b" whatever it will be"].concat();
    let sum = <sha2::Sha256 as sha2::Digest>::digest(&newer);
    newer.extend_from_slice(&sum[..8]);
    std::fs::write(key(&lan), newer).expect("written");
    refused(&server, &lan, Some(PIN), "phiên bản mới hơn");
    std::fs::write(key(&lan), kept).expect("written");
    well(&lan, Some(PIN));
}

/// Two folders' files in one, or a database damaged where it begins.
#[test]
fn a_database_that_the_key_does_not_open() {
    let server = Server::start(TWO_COMMUNES);
    let (lan, thu) = (enrolled(&server, None), server.enroll("thu"));
    let kept = std::fs::read(key(&lan)).expect("a key file");
    std::fs::copy(key(&thu), key(&lan)).expect("a copy");
    refused(&server, &lan, None, "không mở được tệp replica.db");
    std::fs::write(key(&lan), kept).expect("written");
    well(&lan, None);

    let database = |replica: &Replica| replica.home().join("replica.db");
    let whole = std::fs::read(database(&lan)).expect("a database");
    let broken = |path: &Path, bytes: &[u8], says: &str| {
        std::fs::write(path, bytes).expect("written");
        refused(&server, &lan, None, says);
    };
    let mut flipped = whole.clone();
    flipped[100] ^= 1;
    broken(&database(&lan), &flipped, "không mở được tệp replica.db");
    broken(&database(&lan), &whole[..16], "không mở được tệp replica.db");
    broken(&database(&lan), &[], "hỏng");
    std::fs::write(database(&lan), whole).expect("written");
    well(&lan, None);
}
