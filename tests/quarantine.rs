//! What a device that was shut out has not sent is handed over before the device forgets everything, and nobody but the holder
//! of the recovery key reads it.

mod support;

use std::io::Write;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use support::{
    Device, Json, Problem, Replica, Server, TWO_COMMUNES, assert_one_line, copy_folder, list, now_millis, post, text,
};

const WHO: &str = "Đặng Thị Thu Ngân";
const WORDS: &str = "Cầu ván ấp Vĩnh Thới mục hai nhịp";

/// An officer's device with work of all kinds that the server does not have; its id.
fn with_work(server: &Server) -> (Replica, String) {
    let lan = server.enroll("lan");
    let known = lan.log("Đèn tắt", &["--unit", "30904"]);
    lan.sync();
    lan.log(WORDS, &["--unit", "30904", "--name", WHO]);
    lan.petition("comment", &known, &["--text", "Đã gặp bà con"]);
    let session = lan.run(&["session", "log", "--kind", "visit", "--unit", "30904"]);
    lan.run(&["session", "minutes", text(&session, "id"), "--append", "Bà con xin làm lại cầu"]);
    let device = text(&lan.run(&["status"]), "device").to_owned();
    (lan, device)
}

fn entries(server: &Server) -> Vec<Json> {
    list(&server.run(&["quarantine", "list"])).to_vec()
}

/// Opens an entry with a key; what it says, or the line that says why not.
fn open(server: &Server, id: &str, key: &str, by_input: bool) -> Result<Json, String> {
    let mut command = server.command(&["quarantine", "open", id]);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).env_remove("LANGNGHE_RECOVERY_KEY");
    if !by_input {
        command.env("LANGNGHE_RECOVERY_KEY", key);
    }
    let mut child = command.spawn().expect("langnghe-server starts");
    let mut input = child.stdin.take().expect("piped");
    if by_input {
        let _ = input.write_all(key.as_bytes());
    }
    drop(input);
    let out = child.wait_with_output().expect("langnghe-server ends");
    if out.status.success() {
        return Ok(serde_json::from_slice(&out.stdout).expect("JSON"));
    }
    let error = String::from_utf8(out.stderr).expect("UTF-8");
    assert_one_line(&error);
    Err(error)
}

/// All that was said, in one text.
fn said(opened: &Json) -> String {
    list(&opened["entries"]).iter().map(|e| e["says"].to_string()).collect::<Vec<_>>().join("\n")
}

fn files(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .expect("a folder")
        .map(|f| f.expect("an entry").file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

fn is_wiped(replica: &Replica) {
    for args in
        [&["status"][..], &["sync"], &["petition", "list"], &["petition", "log", "--text", "a", "--unit", "30904"]]
    {
        let line = replica.refused(args);
        assert!(line.contains("đã bị thu hồi") && line.contains("xoá sạch"), "{line}");
        assert_eq!(files(replica.home()), ["lock", "wiped"]);
    }
}

#[test]
fn unsent_work_is_handed_over_and_everything_else_forgotten() {
    let server = Server::start(TWO_COMMUNES);
    let (lan, device) = with_work(&server);
    // While the device is let in, it has nothing to leave.
    let other = Device::enroll(&server, "xa", 9);
    let headers = other.signed("POST", "/v1/quarantine", now_millis(), b"x");
    let (status, media_type, body) = post(server.url(), "/v1/quarantine", &headers, b"x");
    let problem = Problem::read(status, &media_type, &body);
    assert_eq!((problem.status, problem.kind.as_str()), (403, "not-revoked"));
    assert_eq!(entries(&server).len(), 0);
    std::fs::create_dir(lan.home().join("khac")).expect("a folder");
    std::fs::write(lan.home().join("khac/so.csv"), WORDS).expect("a file");
    server.run(&["device", "revoke", &device]);
    let line = lan.refused(&["sync"]);
    assert!(line.contains("thu hồi") && line.contains("máy chủ giữ"), "{line}");
    is_wiped(&lan);
    let found = entries(&server);
    assert_eq!(found.len(), 1);
    assert_eq!((text(&found[0], "device"), text(&found[0], "user")), (device.as_str(), "lan"));
    // Nobody reads it without the key: not the server's folder, not another key.
    let id = text(&found[0], "id");
    let tree = server.data().join("quarantine");
    for name in files(&tree) {
        let bytes = std::fs::read(tree.join(name)).expect("a file");
        for canary in ["Vĩnh Thới", "bà con", "log-petition"] {
            assert!(!bytes.windows(canary.len()).any(|w| w == canary.as_bytes()), "{canary}");
        }
    }
    let elsewhere = Server::init(TWO_COMMUNES);
    assert!(open(&server, id, elsewhere.recovery_key(), false).expect_err("another key").contains("recovery key"));
    assert!(open(&server, id, "ABC", true).expect_err("no key").contains("letter"));
    for by_input in [true, false] {
        let opened = open(&server, id, server.recovery_key(), by_input).expect("opened");
        assert_eq!(text(&opened, "user"), "lan");
        let said = said(&opened);
        for words in [WHO, WORDS, "Đã gặp bà con", "Bà con xin làm lại cầu"] {
            assert!(said.contains(words), "{words} is not in {said}");
        }
        assert!(!said.contains("Đèn tắt"), "what the server has is not left");
        let read = server.run(&["audit", "list"]);
        let last = list(&read).last().expect("that who spoke was read").clone();
        assert_eq!((text(&last, "what"), text(&last, "detail")), ("identity-read", "quarantine"));
    }
    // The device's folder takes another device.
    let enrolled = lan.run(&["enroll", server.url(), &server.code("lan")]);
    assert_ne!(text(&enrolled, "device"), device);
    assert_eq!(lan.petitions().len(), 1);
    assert!(!files(lan.home()).contains(&"wiped".to_owned()));
    // Kept for whoever judges: as a file, and gone for good.
    let out = server.folder().join("goi");
    let out = out.to_str().expect("a path");
    server.run(&["quarantine", "export", id, "--out", out]);
    server.fails(&["quarantine", "export", id, "--out", out]);
    server.run(&["quarantine", "discard", id, "--yes"]);
    assert_eq!(entries(&server).len(), 0);
    server.fails(&["quarantine", "open", id]);
    server.fails(&["quarantine", "discard", "abc", "--yes"]);
    server.assert_well();
}

#[test]
fn refused_work_and_a_device_that_never_synced_leave_what_they_have() {
    let server = Server::start(TWO_COMMUNES);
    // A device that has nothing to say is wiped all the same.
    let xa = server.enroll("xa");
    let device = text(&xa.run(&["status"]), "device").to_owned();
    server.run(&["device", "revoke", &device]);
    xa.refused(&["report", "monthly", "--month", "2026-11"]);
    is_wiped(&xa);
    // Enrolled, then shut out before its first sync: it knows no recovery key, and the server seals for it.
    let thu = Replica::new("thu");
    let strict = TWO_COMMUNES.replace("parent = \"mttq-91\"", "parent = \"mttq-91\"\napprove_devices = true");
    let strict = Server::start(&strict);
    thu.run(&["enroll", strict.url(), &strict.code("thu")]);
    let device = text(&thu.run(&["status"]), "device").to_owned();
    strict.run(&["device", "revoke", &device]);
    thu.refused(&["sync"]);
    is_wiped(&thu);
    let found = entries(&strict);
    assert_eq!(found.len(), 1);
    open(&strict, text(&found[0], "id"), strict.recovery_key(), true).expect("opened");
}

#[test]
fn killed_at_any_time_it_ends_wiped_and_loses_nothing() {
    let server = Server::start(TWO_COMMUNES);
    let (lan, device) = with_work(&server);
    let copy = server.folder().join("before");
    copy_folder(lan.home(), &copy);
    server.run(&["device", "revoke", &device]);
    let mut ended = [0, 0];
    for delay in (0..60).map(|n| Duration::from_micros(n * 300)) {
        copy_folder(&copy, lan.home());
        let mut child = lan.command(&["sync"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("starts");
        std::thread::sleep(delay);
        let _ = child.kill();
        let _ = child.wait();
        let whole = !lan.home().join("wiped").exists();
        ended[usize::from(whole)] += 1;
        if whole {
            // Nothing was forgotten yet: all is still there to be handed over.
            lan.refused(&["sync"]);
        }
        is_wiped(&lan);
        let found = entries(&server);
        assert_eq!(found.len(), 1, "the same work brought again is the same entry");
        let opened = open(&server, text(&found[0], "id"), server.recovery_key(), false).expect("opened");
        assert!(said(&opened).contains(WORDS));
    }
    eprintln!("killed before and after the mark: {} and {}", ended[1], ended[0]);
    // Killed after the mark, with everything still there: the next start goes on.
    copy_folder(&copy, lan.home());
    std::fs::write(lan.home().join("wiped"), b"").expect("a mark");
    lan.refused(&["status"]);
    is_wiped(&lan);
    // The same at an enrolment.
    copy_folder(&copy, lan.home());
    std::fs::write(lan.home().join("wiped"), b"").expect("a mark");
    lan.run(&["enroll", server.url(), &server.code("lan")]);
    assert!(!lan.has_bytes(WORDS));
}

/// Whoever answers in the server's place makes no device forget anything.
#[test]
fn a_stranger_who_says_revoked_wipes_nothing() {
    use std::io::{BufRead, BufReader, Read};
    let mut server = Server::start(TWO_COMMUNES);
    let (lan, _) = with_work(&server);
    let address = server.address().to_owned();
    server.stop();
    let listener = std::net::TcpListener::bind(&address).expect("the port is free");
    let stranger = std::thread::spawn(move || {
        for answered in 0..2 {
            let (mut stream, _) = listener.accept().expect("a caller");
            let mut reader = BufReader::new(stream.try_clone().expect("a stream"));
            let mut length = 0;
            loop {
                let mut line = String::new();
                reader.read_line(&mut line).expect("a line");
                if let Some(n) = line.to_lowercase().strip_prefix("content-length:") {
                    length = n.trim().parse().expect("a number");
                }
                if line.trim().is_empty() {
                    break;
                }
            }
            let mut body = vec![0; length];
            reader.read_exact(&mut body).expect("a body");
            let (status, kind, json) = match answered {
                0 => (
                    "401 Unauthorized",
                    "application/problem+json",
                    r#"{"type":"urn:langnghe:problem/revoked","title":"x","status":401,"detail":"x"}"#.to_owned(),
                ),
                _ => ("200 OK", "application/json", format!(r#"{{"id":"00","receipt":"{}"}}"#, "00".repeat(64))),
            };
            let answer = format!(
                "HTTP/1.1 {status}\r\ncontent-type: {kind}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{json}",
                json.len()
            );
            stream.write_all(answer.as_bytes()).expect("answered");
        }
    });
    let line = lan.refused(&["sync"]);
    stranger.join().expect("two callers");
    assert!(line.contains("chưa xoá gì"), "{line}");
    server.serve_at(&address);
    lan.sync();
    assert_eq!(lan.petitions().len(), 2);
}

/// A bundle that a courier brings late is not served, and what it brings is not lost.
#[test]
fn what_a_courier_brings_of_a_device_that_was_shut_out_is_set_aside() {
    let server = Server::start(TWO_COMMUNES);
    let (lan, device) = with_work(&server);
    let thu = server.enroll("thu");
    let goi = |name: &str| {
        let file = server.folder().join(name);
        let file = file.to_str().expect("a path").to_owned();
        lan.run(&["bundle", "request", &file]);
        file
    };
    let (by_network, by_hand) = (goi("mang"), goi("tay"));
    server.run(&["device", "revoke", &device]);
    let line = thu.refused(&["bundle", "carry", &by_network]);
    assert!(line.contains("máy lập gói đã bị thu hồi"), "{line}");
    let out = server.folder().join("reply");
    assert!(server.fails(&["bundle", "exchange", &by_hand, out.to_str().expect("a path")]).contains("revoked"));
    let found = entries(&server);
    assert_eq!(found.len(), 1, "the same work in two files is the same entry");
    assert_eq!(found[0]["carried"], Json::Bool(true));
    let opened = open(&server, text(&found[0], "id"), server.recovery_key(), false).expect("opened");
    let said = said(&opened);
    for words in [WORDS, "Đã gặp bà con", "Bà con xin làm lại cầu"] {
        assert!(said.contains(words), "{words} is not in {said}");
    }
    assert!(list(&opened["entries"]).iter().all(|e| e["change"].is_string() && !e["says"].is_null()), "{opened}");
    server.assert_well();
}
