//! A PIN typed at a terminal. `script` (util-linux) is the terminal.
#![cfg(target_os = "linux")]

use std::io::{Read, Write};
use std::path::Path;
use std::process::{ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;

use super::PIN;
use super::support::{Program, Replica, Server, TWO_COMMUNES};

/// Runs `langnghe --home … ARGS` at a terminal and types each answer once its question is there; what the terminal showed,
/// and whether the program succeeded.
fn at_terminal(home: &Path, args: &[&str], dialogue: &[(&str, &str)]) -> (String, bool) {
    let program = Program::Replica.command();
    let words = [program.get_program().to_str().expect("letters"), "--home", home.to_str().expect("letters")];
    let line = words.iter().chain(args).map(|word| format!("'{word}'")).collect::<Vec<_>>().join(" ");
    let mut script = Command::new("script");
    script.args(["--quiet", "--return", "--flush", "--command", &line, "/dev/null"]);
    for variable in ["LANGNGHE_HOME", "LANGNGHE_PIN", "LANGNGHE_NEW_PIN"] {
        script.env_remove(variable);
    }
    let mut child = script.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("script, of util-linux");
    let mut stdin = child.stdin.take().expect("piped");
    let mut stdout = child.stdout.take().expect("piped");
    let mut shown = String::new();
    for (question, answer) in dialogue {
        let from = shown.len();
        until(&mut stdout, &mut shown, |shown| shown[from..].contains(question) && shown.ends_with(": "));
        answers(&mut stdin, answer);
    }
    let mut rest = Vec::new();
    stdout.read_to_end(&mut rest).expect("what was shown");
    drop(stdin);
    shown.push_str(&String::from_utf8_lossy(&rest));
    (shown, child.wait().expect("it ends").success())
}

fn until(out: &mut ChildStdout, shown: &mut String, there: impl Fn(&str) -> bool) {
    let mut bytes = shown.clone().into_bytes();
    while !there(shown) {
        let mut byte = [0];
        assert_eq!(out.read(&mut byte).expect("what is shown"), 1, "it ended with: {shown}");
        bytes.push(byte[0]);
        *shown = String::from_utf8_lossy(&bytes).into_owned();
    }
}

fn answers(stdin: &mut ChildStdin, answer: &str) {
    // A person takes longer to begin than the terminal to stop showing letters.
    std::thread::sleep(Duration::from_millis(300));
    writeln!(stdin, "{answer}").expect("typed");
}

#[test]
fn a_pin_is_asked_for_where_somebody_sits() {
    let server = Server::start(TWO_COMMUNES);
    let lan = Replica::new("lan");
    let code = server.code("lan");
    let enroll = ["enroll", server.url(), &code];
    // Two that differ: nothing is enrolled, the code is good still.
    let (shown, done) = at_terminal(lan.home(), &enroll, &[("Mã PIN", PIN), ("Gõ lại", "nhầm tay rồi")]);
    assert!(!done && shown.contains("không giống nhau"), "{shown}");
    let (shown, done) = at_terminal(lan.home(), &enroll, &[("Mã PIN", "123456")]);
    assert!(!done && shown.contains("rất dễ đoán"), "{shown}");
    let (shown, done) = at_terminal(lan.home(), &enroll, &[("Mã PIN", PIN), ("Gõ lại", PIN)]);
    assert!(done && shown.contains("Đã ghi danh") && !shown.contains(PIN), "{shown}");

    let (shown, done) = at_terminal(lan.home(), &["status"], &[("Mã PIN", PIN)]);
    assert!(done && shown.contains("Đồng bộ lần cuối") && !shown.contains(PIN), "{shown}");
    let (shown, done) = at_terminal(lan.home(), &["status"], &[("Mã PIN", "cửa sông 1976")]);
    assert!(!done && shown.contains("không đúng"), "{shown}");
    let change = [("Mã PIN", PIN), ("Mã PIN mới", "bến đò cũ"), ("Gõ lại", "bến đò cũ")];
    let (shown, done) = at_terminal(lan.home(), &["pin", "change"], &change);
    assert!(done && shown.contains("Đã đổi mã PIN"), "{shown}");
    let (shown, done) = at_terminal(lan.home(), &["pin", "remove"], &[("Mã PIN", "bến đò cũ")]);
    assert!(done && shown.contains("Đã bỏ mã PIN"), "{shown}");
    // None is asked for where there is none; and the status warns.
    let (shown, done) = at_terminal(lan.home(), &["status"], &[]);
    assert!(done && shown.contains("CHƯA CÓ"), "{shown}");

    // Left empty at enrolment, there is none.
    let thu = Replica::new("thu");
    let (shown, done) = at_terminal(thu.home(), &["enroll", server.url(), &server.code("thu")], &[("Mã PIN", "")]);
    assert!(done, "{shown}");
    assert_eq!(thu.run(&["status"])["pin"], false);
}
