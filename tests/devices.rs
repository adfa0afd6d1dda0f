//! Devices that a second person lets in, what short tokens are good for, and what shuts a device out.

mod support;

use std::sync::atomic::{AtomicI64, Ordering};

use jiff::{SignedDuration, Timestamp};
use support::{Device, Hosted, Json, Problem, Replica, Server, TWO_COMMUNES, list, now_millis, post, text};

/// The commune's office asks for a second person; so do the bodies under it.
fn strict() -> String {
    TWO_COMMUNES.replace(
        "name = \"Ủy ban MTTQ Việt Nam xã Giồng Riềng\"",
        "name = \"Ủy ban MTTQ Việt Nam xã Giồng Riềng\"\napprove_devices = true",
    )
}

/// A device that is enrolled and waits.
fn waiting(server: &Server, user: &str) -> Replica {
    let replica = Replica::new(user);
    let enrolled = replica.run(&["enroll", server.url(), &server.code(user)]);
    assert_eq!((&enrolled["pending"], &enrolled["sync"]), (&Json::Bool(true), &Json::Null), "{enrolled}");
    replica
}

fn id(replica: &Replica) -> String {
    text(&replica.run(&["status"]), "device").to_owned()
}

fn state(server: &Server, id: &str) -> String {
    let rows = server.run(&["device", "list"]);
    let row = list(&rows).iter().find(|r| text(r, "id") == id).unwrap_or_else(|| panic!("no {id} in {rows}"));
    text(row, "state").to_owned()
}

/// GETs; the status, the media type and the body.
fn get(url: &str, path: &str, headers: &[(&str, String)]) -> (u16, String, Vec<u8>) {
    let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
    let mut request = agent.get(format!("{url}{path}"));
    for (name, value) in headers {
        request = request.header(*name, value);
    }
    let mut answer = request.call().expect("the server answers");
    let media_type = answer.headers().get("content-type").and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned();
    let status = answer.status().as_u16();
    (status, media_type, answer.body_mut().read_to_vec().expect("a whole answer"))
}

#[test]
fn staff_devices_wait_for_a_second_person_where_the_office_wants_it() {
    let server = Server::start(&strict());
    // An officer's device, and those of people elsewhere, need nobody.
    let lan = server.enroll("lan");
    server.enroll("xa");
    let quan = waiting(&server, "quan");
    server.run(&["device", "approve", &id(&quan)]);
    quan.sync();
    let thu = waiting(&server, "thu");
    let kinh = waiting(&server, "kinh");
    // The folder is made; what is done in it says what is missing.
    for args in [&["sync"][..], &["report", "monthly", "--month", "2026-11"], &["device", "list"]] {
        let line = thu.refused(args);
        assert!(line.contains("chờ người thứ hai") && line.contains("not-approved"), "{line}");
    }
    assert_eq!(state(&server, &id(&thu)), "pending");
    // Nobody lets in a device of his own, nobody one of another office, no officer any.
    assert!(lan.refused(&["device", "approve", &id(&thu)]).contains("forbidden"));
    assert!(lan.refused(&["device", "list"]).contains("forbidden"));
    let second = waiting(&server, "thu");
    let shown = quan.run(&["device", "approve", &id(&thu)]);
    assert_eq!((text(&shown, "state"), text(&shown, "approved_by")), ("approved", "quan"));
    thu.sync();
    assert!(thu.refused(&["device", "approve", &id(&second)]).contains("own-device"));
    assert_eq!(state(&server, &id(&second)), "pending");
    // Front staff of the office let in those of their office and its bodies, and see them.
    assert_eq!(text(&thu.run(&["device", "approve", &id(&kinh)]), "state"), "approved");
    assert_eq!(text(&thu.run(&["device", "approve", &id(&kinh)]), "approved_by"), "thu", "twice is once");
    kinh.sync();
    let seen = thu.run(&["device", "list"]);
    let users: Vec<&str> = list(&seen).iter().map(|r| text(r, "user")).collect();
    assert!(users.contains(&"lan") && users.contains(&"kinh") && !users.contains(&"xa"), "{users:?}");
    assert!(list(&seen).iter().all(|r| r["enrolled_at"].is_string() && r["last_contact"].is_string()));
    assert_eq!(list(&quan.run(&["device", "list"])).len(), 6);
    // The operator does too; whoever was shut out is not let in again.
    server.run(&["device", "approve", &id(&second)]);
    second.sync();
    server.fails(&["device", "approve", &id(&second)]);
    let third = waiting(&server, "thu");
    server.run(&["device", "revoke", &id(&third)]);
    server.fails(&["device", "approve", &id(&third)]);
    assert!(quan.refused(&["device", "approve", &id(&third)]).contains("device-revoked"));
    quan.refused(&["device", "approve", "0199a000-0000-7000-8000-000000000000"]);
    assert_eq!(quan.fails(&["device", "approve", "máy kia"]).0, 2);
    server.assert_well();
}

#[test]
fn what_was_logged_while_waiting_is_sent_when_let_in() {
    let mut server = Server::start(TWO_COMMUNES);
    let lan = server.enroll("lan");
    lan.log("Cầu ván mục", &["--unit", "30904"]);
    lan.sync();
    // The office begins to ask: devices that are in stay in, later ones wait.
    let quan = server.enroll("quan");
    let file = server.folder().join("strict.toml");
    std::fs::write(&file, strict()).expect("a file");
    quan.run(&["directory", "apply", file.to_str().expect("a path")]);
    quan.sync();
    lan.sync();
    let thu = waiting(&server, "thu");
    // Put back from a copy that knows nothing of the approval, the server still knows; of one that waits, that it waits.
    server.stop();
    let copy = server.folder().join("copy");
    std::fs::create_dir_all(&copy).expect("a folder");
    std::fs::copy(server.database(), copy.join("langnghe.db")).expect("a copy");
    for side in ["langnghe.db-wal", "langnghe.db-shm"] {
        let _ = std::fs::copy(server.data().join(side), copy.join(side));
    }
    server.serve();
    let other = Replica::new("thu");
    other.run(&["enroll", server.url(), &server.code("thu")]);
    server.run(&["device", "approve", &id(&thu)]);
    server.stop();
    for name in ["langnghe.db", "langnghe.db-wal", "langnghe.db-shm"] {
        let _ = std::fs::remove_file(server.data().join(name));
        let _ = std::fs::copy(copy.join(name), server.data().join(name));
    }
    server.serve();
    assert_eq!(state(&server, &id(&thu)), "approved");
    assert_eq!(state(&server, &id(&other)), "pending");
    let at = |replica: &Replica| replica.run(&["status"]);
    assert_eq!(at(&other)["pending"].as_u64(), Some(0));
}

/// The true time and some seconds more.
static LATER: AtomicI64 = AtomicI64::new(0);

fn moved() -> Timestamp {
    support::now().checked_add(SignedDuration::from_secs(LATER.load(Ordering::SeqCst))).expect("a time")
}

fn token(url: &str, device: &Device, time: i64) -> Result<String, Problem> {
    let (status, media_type, body) = post(url, "/v1/token", &device.signed("POST", "/v1/token", time, b""), b"");
    if status != 200 {
        return Err(Problem::read(status, &media_type, &body));
    }
    let issued: Json = serde_json::from_slice(&body).expect("JSON");
    let end: Timestamp = text(&issued, "expires_at").parse().expect("a time");
    assert!(end.as_millisecond() - time <= 600_000 + 60_000);
    Ok(text(&issued, "token").to_owned())
}

fn with(token: &str) -> Vec<(&'static str, String)> {
    vec![("authorization", format!("Bearer {token}"))]
}

fn problem(url: &str, path: &str, token: &str) -> Problem {
    let (status, media_type, body) = get(url, path, &with(token));
    Problem::read(status, &media_type, &body)
}

#[test]
fn a_token_reads_for_ten_minutes_and_never_writes() {
    let server = Server::start(TWO_COMMUNES);
    let (lan, thu) = (Device::enroll(&server, "lan", 1), Device::enroll(&server, "thu", 2));
    let of_thu = token(server.url(), &thu, now_millis()).expect("a token");
    let of_lan = token(server.url(), &lan, now_millis()).expect("a token");
    let report = "/v1/reports/monthly?month=2026-11";
    assert_eq!(get(server.url(), report, &with(&of_thu)).0, 200);
    assert_eq!(get(server.url(), "/v1/devices", &with(&of_thu)).0, 200);
    // It opens what its own device's posts open, and nothing else.
    assert_eq!(problem(server.url(), report, &of_lan).kind, "forbidden");
    for path in ["/v1/sync", "/v1/token", &format!("/v1/devices/{}/revoke", lan.id)] {
        let (status, media_type, body) = post(server.url(), path, &with(&of_thu), b"");
        let problem = Problem::read(status, &media_type, &body);
        assert_eq!((problem.status, problem.kind.as_str()), (401, "unsigned"), "{path}");
    }
    // Another last letter than it has, whichever that is.
    let other = if of_thu.ends_with('A') { 'B' } else { 'A' };
    let altered = format!("{}{other}", &of_thu[..of_thu.len() - 1]);
    for wrong in [altered.as_str(), "x", &of_thu[..20]] {
        let problem = problem(server.url(), report, wrong);
        assert_eq!((problem.status, problem.kind.as_str()), (401, "bad-token"), "{wrong:?}");
    }
    // The key lies apart from the database; a token of another server is worth nothing.
    let elsewhere = Server::start(TWO_COMMUNES);
    assert_eq!(problem(elsewhere.url(), report, &of_thu).kind, "bad-token");
    // Shut out, it is worth nothing at once.
    server.run(&["device", "revoke", &thu.id.to_string()]);
    let revoked = problem(server.url(), report, &of_thu);
    assert_eq!((revoked.status, revoked.kind.as_str()), (401, "revoked"));
    assert_eq!(token(server.url(), &thu, now_millis()).expect_err("shut out").kind, "revoked");
    server.assert_well();
}

#[test]
fn a_token_ends() {
    let server = Hosted::start(TWO_COMMUNES, moved);
    let thu = Device::enroll_with(server.url(), server.code("thu"), 2);
    let of_thu = token(server.url(), &thu, now_millis()).expect("a token");
    let report = "/v1/reports/monthly?month=2026-11";
    LATER.store(590, Ordering::SeqCst);
    assert_eq!(get(server.url(), report, &with(&of_thu)).0, 200);
    LATER.store(601, Ordering::SeqCst);
    let ended = problem(server.url(), report, &of_thu);
    assert_eq!((ended.status, ended.kind.as_str()), (401, "token-expired"));
}

#[test]
fn a_device_that_waits_has_no_token() {
    let server = Server::start(&strict());
    let thu = Device::enroll(&server, "thu", 2);
    assert_eq!(token(server.url(), &thu, now_millis()).expect_err("waits").kind, "not-approved");
    let body = minicbor::to_vec(thu.request()).expect("CBOR");
    assert_eq!(thu.problem(&body).status, 403);
    server.run(&["device", "approve", &thu.id.to_string()]);
    token(server.url(), &thu, now_millis()).expect("a token");
}

#[test]
fn a_clock_that_is_off_is_said_in_one_line_and_costs_nothing() {
    let server = Server::start(TWO_COMMUNES);
    let lan = server.enroll("lan");
    assert_eq!(lan.run(&["status"])["clock_off"], Json::Null);
    lan.set_clock(3);
    lan.log("Đèn tắt", &["--unit", "30904"]);
    let out = lan.command(&["sync"]).output().expect("langnghe runs");
    assert!(out.status.success());
    let line = String::from_utf8(out.stderr).expect("UTF-8");
    support::assert_one_line(&line);
    support::assert_vietnamese(&line);
    assert!(line.contains("nhanh 3 ngày"), "{line}");
    let status = lan.run(&["status"]);
    assert_eq!((status["clock_off"].as_i64().expect("seconds") / 86_400, &status["pending"]), (3, &0.into()));
    // Put right, it is not spoken of any more.
    lan.set_clock(0);
    lan.sync();
    assert_eq!(lan.run(&["status"])["clock_off"], Json::Null);
}
