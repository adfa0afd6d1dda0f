//! Codes that do not enrol.

use rusqlite::Connection;
use sync::wire::{EnrollRequest, PROTOCOL_VERSION};

use super::Office;
use super::support::{Problem, Replica, post, text};

fn problem(office: &Office, body: &[u8]) -> Problem {
    let (status, media_type, answer) = post(office.server.url(), "/v1/enroll", &[], body);
    Problem::read(status, &media_type, &answer)
}

fn request(code: &str) -> EnrollRequest {
    let key = "11".repeat(32);
    EnrollRequest {
        version: PROTOCOL_VERSION,
        code: code.to_owned(),
        signing_key: key.clone(),
        receiving_key: key,
        name: String::new(),
    }
}

fn body(request: &EnrollRequest) -> Vec<u8> {
    serde_json::to_vec(request).expect("JSON")
}

#[test]
fn used_expired_and_unknown_codes_are_told_apart() {
    let office = Office::open();
    let url = office.server.url();
    // Used: the second device is refused, and its folder takes a right code afterwards.
    let code = office.server.code("thu");
    let first = Replica::new("thu");
    first.run(&["enroll", url, &code]);
    let second = Replica::new("thu");
    second.refused(&["enroll", url, &code]);
    assert_eq!(problem(&office, &body(&request(&code))).kind, "code-used");
    second.refused(&["status"]);
    let enrolled = second.run(&["enroll", url, &office.server.code("thu")]);
    assert_eq!(text(&enrolled, "user"), "thu");
    // A folder that holds a replica is not enrolled a second time, and the code is not used up by trying.
    let code = office.server.code("thu");
    second.refused(&["enroll", url, &code]);
    Replica::new("thu").run(&["enroll", url, &code]);
    // Expired: ten minutes are not waited for, the code's end is put back.
    let code = office.server.code("thu");
    let connection = Connection::open(office.server.database()).expect("the server's database");
    let changed = connection.execute("UPDATE code SET expires_at = expires_at - 86400000 WHERE used_at IS NULL", []);
    assert!(changed.expect("changed") >= 1);
    drop(connection);
    let third = Replica::new("thu");
    third.refused(&["enroll", url, &code]);
    assert_eq!(problem(&office, &body(&request(&code))).kind, "code-expired");
    // Unknown.
    third.refused(&["enroll", url, "AAAAA-BBBBB-CCCCC-DDDDD-EEEEE-F"]);
    assert_eq!(problem(&office, &body(&request("AAAAA"))).kind, "code-unknown");
    // A code for nobody, and for somebody without a post, is not issued.
    office.server.fails(&["code", "--user", "nobody"]);
    office.assert_unharmed();
}

/// `init` prints a code for the first administrator of the file: whoever has it can begin.
#[test]
fn the_first_code_enrols_the_first_administrator_once() {
    let office = Office::open();
    let admin = Replica::new("quan");
    let enrolled = admin.run(&["enroll", office.server.url(), office.server.first_code()]);
    assert_eq!(text(&enrolled, "user"), "quan");
    Replica::new("quan").refused(&["enroll", office.server.url(), office.server.first_code()]);
}

#[test]
fn an_enrolment_that_cannot_be_read_uses_up_no_code() {
    let office = Office::open();
    let code = office.server.code("thu");
    let good = request(&code);
    for wrong in ["", "{", "[]", "{\"version\":1}", "\u{feff}"] {
        let problem = problem(&office, wrong.as_bytes());
        assert_eq!((problem.status, problem.kind.as_str()), (400, "enroll"), "{wrong:?}");
    }
    let newer = EnrollRequest { version: PROTOCOL_VERSION + 1, ..good.clone() };
    assert_eq!(problem(&office, &body(&newer)).kind, "version");
    for key in ["", "zz", "1111", &"1".repeat(65)] {
        let short = EnrollRequest { signing_key: key.to_owned(), ..good.clone() };
        assert_eq!(problem(&office, &body(&short)).kind, "enroll");
        let short = EnrollRequest { receiving_key: key.to_owned(), ..good.clone() };
        assert_eq!(problem(&office, &body(&short)).kind, "enroll");
    }
    let long = EnrollRequest { name: "x".repeat(20_000), ..good.clone() };
    assert_eq!(problem(&office, &body(&long)).kind, "enroll");
    // The code still enrols.
    Replica::new("thu").run(&["enroll", office.server.url(), &code]);
    office.assert_unharmed();
}

#[test]
fn an_address_that_is_none_and_a_server_that_is_none() {
    let replica = Replica::new("lan");
    let (code, _) = replica.fails(&["enroll", "not an address", "AAAAA"]);
    assert_eq!(code, 2);
    // Port 9 of this machine: nobody listens there.
    replica.refused(&["enroll", "http://127.0.0.1:9", "AAAAA"]);
    // Nothing is enrolled: every other command says what to do first.
    replica.refused(&["status"]);
    replica.refused(&["petition", "log", "--text", "Cầu hỏng", "--unit", "30904"]);
}

/// What cannot be a code is told before anybody is asked: there is no server here.
#[test]
fn a_mistyped_code_is_told_without_the_network() {
    let replica = Replica::new("lan");
    let enroll = |code: &str| replica.refused(&["enroll", "http://127.0.0.1:9", code]);
    assert!(enroll("ABCDE-23456-FGHJK-MNPQR-STUVW-O").contains("số 0"));
    assert!(enroll("ABCDE-23456-FGHJK-MNPQR-STUVW-1").contains("“1”"));
    assert!(enroll("ABCDE-23456-FGHJK-MNPQR-STUVW").contains("có 25"));
    assert!(enroll("ABCDE-23456-FGHJK-MNPQR-STUVW-XY").contains("có 27"));
    // One that could be a code needs the server.
    assert!(enroll("abcde 23456 fghjk mnpqr stuvw x").contains("không kết nối được"));
}

/// Wrong codes from one address are answered ten times; a right one is taken all the same.
#[test]
fn too_many_wrong_codes_are_told_to_wait_and_lock_nobody_out() {
    let office = Office::open();
    let wrong = body(&request("AAAAA-BBBBB-CCCCC-DDDDD-EEEEE-F"));
    for n in 0..10 {
        let problem = problem(&office, &wrong);
        assert_eq!((problem.status, problem.kind.as_str()), (401, "code-unknown"), "{n}");
    }
    let problem = problem(&office, &wrong);
    assert_eq!((problem.status, problem.kind.as_str()), (429, "too-many-codes"));
    let lan = Replica::new("lan");
    let line = lan.refused(&["enroll", office.server.url(), "AAAAA-BBBBB-CCCCC-DDDDD-EEEEE-F"]);
    assert!(line.contains("mười phút"), "{line}");
    lan.run(&["enroll", office.server.url(), &office.server.code("lan")]);
    office.assert_unharmed();
}

#[test]
fn a_folder_with_other_files_is_not_taken() {
    let replica = Replica::new("xa");
    let letter = replica.home().join("thu-gui.txt");
    std::fs::write(&letter, "của người khác").expect("written");
    let line = replica.refused(&["enroll", "http://127.0.0.1:9", "22222-22222-22222-22222-22222-2"]);
    assert!(line.contains("thư mục --home trống"), "{line}");
    assert_eq!(std::fs::read_dir(replica.home()).expect("a folder").count(), 1, "nothing was put beside it");
}
