//! Commands that cannot be done: refused on the spot, with one line, before anything is written.

use std::net::TcpListener;
use std::process::Stdio;

use super::Office;
use super::support::{Replica, list, now, number};

/// Nothing waits to be sent, and nothing more is there than before.
fn assert_nothing_written(replica: &Replica, petitions: usize) {
    assert_eq!(number(&replica.run(&["status"]), "pending"), 0);
    assert_eq!(replica.petitions().len(), petitions);
}

#[test]
fn what_the_server_would_refuse_is_refused_before_it_is_written() {
    let office = Office::open();
    let lan = &office.lan;
    let log = |args: &[&str]| lan.refused(&[&["petition", "log"][..], args].concat());
    assert!(log(&["--text", "Cầu hỏng", "--unit", "99999"]).contains("99999"));
    log(&["--text", "Cầu hỏng", "--unit", "30904", "--hamlet", "30904-xx"]);
    log(&["--text", "Cầu hỏng", "--unit", "30904", "--category", "nothing"]);
    // Another commune's.
    log(&["--text", "Cầu hỏng", "--unit", "30910"]);
    log(&["--text", "  ", "--unit", "30904"]);
    log(&["--text", "Cầu hỏng", "--unit", "30904", "--as", "tn-30904"]);
    // A denunciation is sealed (Law on Denunciations 25/2018/QH14, Article 8), and not answered on the spot.
    log(&["--text", "Tố cáo", "--unit", "30904", "--kind", "denunciation", "--answered", "đã nói"]);
    // Two years ahead: by no clock of ours.
    let year = now().to_string()[..4].parse::<u32>().expect("a year") + 2;
    let ahead = format!("{year}-06-01T08:00:00+07:00");
    let line = log(&["--text", "Cầu hỏng", "--unit", "30904", "--at", &ahead]);
    assert!(line.contains("clock"), "{line}");
    let line = lan.refused(&["petition", "comment", &office.kept, "--text", "một ý", "--at", &ahead]);
    assert!(line.contains("clock"), "{line}");
    // Without the right: an officer does not refer, and resolves only on the spot.
    lan.refused(&["petition", "refer", &office.kept, "--to", "kt"]);
    lan.refused(&["petition", "resolve", &office.kept, "--outcome", "settled", "--text", "xong"]);
    // With the right, but not in this state.
    lan.refused(&["petition", "answer", &office.kept, "--by", "phone"]);
    lan.refused(&["petition", "show", "01890000-0000-7000-8000-000000000000"]);
    assert_nothing_written(lan, 1);
    office.assert_unharmed();
}

/// 2 MB of Vietnamese, so that no limit in bytes falls between two letters by luck: three bytes a letter, and a byte of
/// its own before them.
#[test]
fn a_text_of_two_megabytes_is_refused_for_its_length() {
    let office = Office::open();
    for before in ["", "a", "ab"] {
        let text = format!("{before}{}", "ệ".repeat(700_000));
        let line = office.lan.refused_with(&["petition", "log", "--text", "-", "--unit", "30904"], &text);
        assert!(line.contains("too-large") && line.len() < 500, "{line}");
    }
    let bytes = "ệ".repeat(700_000);
    let line = office.lan.refused_with(&["petition", "comment", &office.kept, "--text", "-"], &bytes);
    assert!(line.contains("too-large"), "{line}");
    assert_nothing_written(&office.lan, 1);
    office.assert_unharmed();
}

#[test]
fn a_command_typed_wrongly_ends_with_two() {
    let office = Office::open();
    let wrong: [&[&str]; 5] = [
        &["petition", "log", "--text", "Cầu hỏng"],
        &["petition", "list", "--status", "nothing"],
        &["petition", "resolve", &office.kept, "--outcome", "perhaps", "--text", "x"],
        &["petition", "comment", &office.kept, "--text", "x", "--at", "yesterday"],
        &["nothing"],
    ];
    for args in wrong {
        let (code, line) = office.lan.fails(args);
        assert_eq!(code, 2, "{args:?}: {line}");
        super::support::assert_one_line(&line);
    }
    assert_nothing_written(&office.lan, 1);
}

/// A server that takes the call and never answers keeps one `sync` busy. Meanwhile a second process on the same folder is
/// told so, and when the first has gone, everything is as before.
#[test]
fn two_processes_on_one_folder_never_meet() {
    let mut office = Office::open();
    office.lan.log("Chờ gửi", &["--unit", "30904"]);
    let address = office.server.address().to_owned();
    office.server.stop();
    let silent = TcpListener::bind(&address).expect("the server's address is free again");
    let mut first = office.lan.command(&["sync"]);
    let mut first = first.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the first process");
    let call = silent.accept().expect("the first process calls");
    let line = office.lan.refused(&["status"]);
    office.lan.refused(&["petition", "log", "--text", "Cùng lúc", "--unit", "30904"]);
    assert!(!line.contains(".db"), "{line}");
    first.kill().expect("it still waited");
    first.wait().expect("it has ended");
    drop((call, silent));
    let status = office.lan.run(&["status"]);
    assert_eq!((number(&status, "pending"), number(&status, "petitions")), (1, 2), "{status}");
    // No server at all: exit 1, and the work stays.
    office.lan.refused(&["sync"]);
    assert_eq!(number(&office.lan.run(&["status"]), "pending"), 1);
    assert_eq!(list(&office.lan.run(&["refused", "list"])).len(), 0);
}
