//! The app in a browser, as its people use it.

mod support;

use serde_json::Value as Json;
use support::{Server, TWO_COMMUNES, list, play, text};

/// What Front staff find, newest first.
fn found(server: &Server) -> Vec<Json> {
    let thu = server.enroll("thu");
    list(&thu.run(&["petition", "list"])).to_vec()
}

#[test]
fn without_a_server_the_app_opens_and_what_is_written_arrives_once() {
    let mut server = Server::start(TWO_COMMUNES);
    play("airplane", &mut server);
    let found = found(&server);
    let texts: Vec<&str> = found.iter().map(|row| text(row, "text")).collect();
    assert_eq!(texts, ["Kênh cạn nước", "Cầu ván ấp Vĩnh Thới mục hai nhịp"]);
    // Taken down at the hamlet; the next speaker is from where the one before was.
    assert!(found.iter().all(|row| text(row, "hamlet") == "30904-vt"), "{found:?}");
    server.assert_well();
}

#[test]
fn two_tabs_work_on_one_replica() {
    let mut server = Server::start(TWO_COMMUNES);
    play("tabs", &mut server);
    let mut texts: Vec<String> = found(&server).iter().map(|row| text(row, "text").to_owned()).collect();
    texts.sort();
    let expected = [
        "Ghi khi chưa biết việc trước đã xong",
        "Ghi trong lúc cửa sổ kia đóng",
        "Sau khi cửa sổ kia đóng",
        "Từ cửa sổ thứ hai",
    ];
    assert_eq!(texts, expected);
    server.assert_well();
}

#[test]
fn what_is_typed_outlives_a_lock() {
    play("locked", &mut Server::start(TWO_COMMUNES));
}

#[test]
fn no_screen_keeps_anybody_out() {
    play("accessible", &mut Server::start(TWO_COMMUNES));
}

#[test]
fn pages_are_compressed_and_may_load_nothing_from_elsewhere() {
    let server = Server::start(TWO_COMMUNES);
    let asked = |path: &str, coding: &str| {
        let request = ureq::get(format!("{}{path}", server.url())).header("accept-encoding", coding);
        request.call().expect("an answer")
    };
    let page = asked("/", "br");
    let header = |name: &str| page.headers()[name].to_str().expect("letters").to_owned();
    assert_eq!((header("content-encoding"), header("cache-control")), ("br".to_owned(), "no-cache".to_owned()));
    let policy = header("content-security-policy");
    assert!(
        policy.starts_with("default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self';"),
        "{policy}"
    );
    assert!(!policy.contains("unsafe-inline") && !policy.contains("http") && !policy.contains('*'), "{policy}");
    // For whoever takes no compressed page, the same page.
    let mut plain = asked("/", "identity");
    assert!(!plain.headers().contains_key("content-encoding"));
    let html = plain.body_mut().read_to_string().expect("text");
    assert!(html.starts_with("<!doctype html>"), "{html}");
    // What the page names is there, for ever under this name.
    let script = html.split('"').find(|part| part.starts_with("/assets/") && part.ends_with(".js")).expect("a script");
    let script = asked(script, "gzip, br");
    assert_eq!(script.headers()["cache-control"], "public, max-age=31536000, immutable");
    assert_eq!(script.headers()["content-type"], "text/javascript; charset=utf-8");
}
