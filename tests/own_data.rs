//! A person asks what is kept of them: one file says all of it, to those who may know and to nobody else, and that it was
//! made is written down.

mod support;

use std::path::{Path, PathBuf};

use support::{Json, Replica, Server, TWO_COMMUNES, list, number, text};

const NAME: &str = "Huỳnh Thị Ngọc Trâm";
const PHONE: &str = "0918 273 645";
const ADDRESS: &str = "tổ 7, ấp Vĩnh Thới";

fn log(replica: &Replica, said: &str) -> String {
    let args = ["--unit", "30904", "--hamlet", "30904-vt", "--name", NAME, "--phone", PHONE, "--address", ADDRESS];
    replica.log(said, &[&args[..], &["--consent", "contact"]].concat())
}

fn letters(path: &Path) -> &str {
    path.to_str().expect("a path of letters")
}

/// Makes the answer as JSON and reads it.
fn answer(replica: &Replica, ids: &[&str], out: &Path, more: &[&str]) -> Json {
    replica.run(&[&["petition", "data"], ids, &["--out", letters(out), "--format", "json"], more].concat());
    serde_json::from_slice(&std::fs::read(out).expect("a file")).expect("JSON")
}

/// Name, whether it holds, and by whom it was written, of every version of a petition in an answer.
fn versions(petition: &Json) -> Vec<(&str, bool, &str)> {
    let of = |v| (text(v, "name"), v["present"] == Json::Bool(true), text(v, "by"));
    list(&petition["person"]["versions"]).iter().map(of).collect()
}

fn audit(server: &Server, id: &str) -> Vec<(String, String)> {
    let lines = server.run(&["audit", "list", "--record", id]);
    list(&lines).iter().map(|l| (text(l, "user").to_owned(), text(l, "detail").to_owned())).collect()
}

/// The server's audit of a petition, as a file.
fn audit_file(server: &Server, id: &str) -> PathBuf {
    let path = server.folder().join(format!("audit-{id}.json"));
    std::fs::write(&path, server.run(&["audit", "list", "--record", id]).to_string()).expect("written");
    path
}

#[test]
fn the_answer_holds_everything_of_the_person_and_nothing_of_the_accounts() {
    let server = Server::start(TWO_COMMUNES);
    let [lan, thu, kinh] = ["lan", "thu", "kinh"].map(|user| server.enroll(user));
    let id = log(&lan, "cống thoát nước bị nghẹt");
    let other = log(&lan, "đèn đường tắt");
    let somebody = lan.log("đèn đường tối", &["--unit", "30904", "--hamlet", "30904-vt", "--name", "Bà Tư"]);
    lan.sync();
    thu.sync();
    thu.run(&["petition", "identity", &id, "--purpose", "authority", "--note", "CV-17/CAX"]);
    thu.run(&["petition", "identify", &id, "--name", "Huỳnh Ngọc Trâm", "--phone", PHONE, "--consent", "none"]);
    thu.petition("classify", &id, &["--kind", "feedback", "--category", "roads"]);
    thu.petition("refer", &id, &["--to", "kt", "--note", "Xin xem sớm"]);
    thu.petition("refer", &other, &["--to", "kt"]);
    thu.petition("duplicate", &other, &["--of", &somebody]);
    thu.sync();
    kinh.sync();
    kinh.petition("accept", &id, &[]);
    kinh.petition("resolve", &id, &["--outcome", "settled", "--text", "Đã nạo vét"]);
    kinh.sync();
    lan.sync();

    // Lan holds what she wrote; what was written since she is told with the answer.
    let out = server.folder().join("tra-loi.json");
    let readings = audit_file(&server, &id);
    let told = answer(&lan, &[&id, &other, &id], &out, &["--readings", letters(&readings)]);
    assert!(text(&told, "law").contains("91/2025/QH15"));
    assert_eq!(text(&told, "made_by"), "Cán bộ Mặt trận xã, Xã Giồng Riềng");
    let petitions = list(&told["petitions"]);
    assert_eq!(petitions.len(), 2, "each once");
    let [whole, second] = petitions else { unreachable!() };
    assert_eq!(whole["server_said"], Json::Bool(true));
    assert_eq!(text(whole, "text"), "cống thoát nước bị nghẹt");
    assert_eq!((text(whole, "status"), text(whole, "category_name")), ("resolved", "Giao thông"));
    let expected = [
        (NAME, false, "Cán bộ Mặt trận xã, Xã Giồng Riềng"),
        ("Huỳnh Ngọc Trâm", true, "Đầu mối tiếp nhận, Ủy ban MTTQ Việt Nam xã Giồng Riềng"),
    ];
    assert_eq!(versions(whole), expected);
    let kept = list(&whole["person"]["versions"]);
    assert_eq!((text(&kept[0], "phone"), text(&kept[0], "address")), (PHONE, ADDRESS));
    assert_eq!((&kept[0]["consent"], &kept[1]["consent"]), (&serde_json::json!(["contact"]), &serde_json::json!([])));
    assert_eq!(kept[0]["replaced_by"], serde_json::json!([kept[1]["id"]]));
    // What happened, by office.
    let events: Vec<(&str, &str)> = list(&whole["events"]).iter().map(|e| (text(e, "kind"), text(e, "by"))).collect();
    let front = "Đầu mối tiếp nhận, Ủy ban MTTQ Việt Nam xã Giồng Riềng";
    let body = "Chuyên viên Phòng Kinh tế, Phòng Kinh tế xã Giồng Riềng";
    assert_eq!(events, [("classify", front), ("refer", front), ("accept", body), ("resolve", body)]);
    assert!(list(&whole["events"]).iter().all(|event| event["at"].is_string()));
    let said = |n: usize| list(&whole["events"])[n]["said"].to_string();
    assert!(said(1).contains("Phòng Kinh tế") && said(1).contains("Xin xem sớm") && said(3).contains("Đã nạo vét"));
    // Who looked: from the server's audit; and making this, which it does not have yet. Not the authority's paper.
    let purposes: Vec<&str> = list(&whole["readings"]).iter().map(|r| text(r, "purpose")).collect();
    assert_eq!(purposes, ["authority", "authority", "own-request"]);
    assert_eq!(text(&list(&whole["readings"])[0], "by"), front);
    // The list was of the first petition only: of the other it is not said that nobody has looked.
    assert_eq!((text(whole, "readings_from"), text(second, "readings_from")), ("server", "server-silent"));
    assert_eq!(list(&second["readings"]).len(), 1);
    // No account, no device, no paper of an authority, no petition of somebody else's.
    let written = told.to_string();
    let code = text(&lan.show(&somebody), "code").to_owned();
    for secret in ["Cán bộ thử", "\"lan\"", "\"thu\"", "\"device\"", "CV-17", &code, &somebody] {
        assert!(!written.contains(secret), "{secret} in {written}");
    }
    assert_eq!(text(&list(&second["events"])[1], "kind"), "duplicate");

    // The page says the same to people.
    let page = server.folder().join("tra-loi");
    let made = lan.run(&["petition", "data", &id, "--out", letters(&page), "--readings", letters(&readings)]);
    assert_eq!((text(&made, "format"), number(&made, "versions")), ("html", 2));
    assert_eq!((&made["whole"], &made["may_be_one_person"]), (&Json::Bool(true), &Json::Bool(true)));
    let html = std::fs::read_to_string(&page).expect("a page");
    for shown in [NAME, "Huỳnh Ngọc Trâm", PHONE, ADDRESS, "Đã nạo vét", "được liên hệ lại", "Người phản ánh yêu cầu"]
    {
        assert!(html.contains(shown), "{shown}");
    }
    assert!(html.starts_with("<!DOCTYPE html>\n<html lang=\"vi\">") && !html.contains("Cán bộ thử"));
    #[cfg(unix)]
    for file in [&page, &out] {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(std::fs::metadata(file).expect("there").permissions().mode() & 0o777, 0o600);
    }
    // That it was asked and looked at is written down.
    lan.sync();
    let lines = audit(&server, &id);
    let own = |detail: &str| lines.iter().filter(|l| l.0 == "lan" && l.1 == detail).count();
    assert_eq!((own("own-request"), own("own-request (on the device)")), (2, 2), "{lines:?}");
    server.assert_well();
}

#[test]
fn who_may_not_know_gets_no_file_and_that_they_asked_is_written_down() {
    let server = Server::start(TWO_COMMUNES);
    let [lan, thu, kinh] = ["lan", "thu", "kinh"].map(|user| server.enroll(user));
    let id = log(&lan, "khói lò gạch");
    lan.sync();
    thu.sync();
    thu.petition("refer", &id, &["--to", "kt"]);
    thu.sync();
    kinh.sync();
    let out = server.folder().join("khong.html");
    let line = kinh.refused(&["petition", "data", &id, "--out", letters(&out)]);
    assert!(line.contains("danh tính"), "{line}");
    assert!(!out.exists() && !kinh.has_bytes("Huỳnh"));
    assert_eq!(audit(&server, &id), [("kinh".to_owned(), "own-request".to_owned())]);
    // Nobody is named: there is nobody to answer to.
    let nobody = lan.log("mương cạn", &["--unit", "30904"]);
    lan.sync();
    let line = lan.refused(&["petition", "data", &nobody, "--out", letters(&out)]);
    assert!(line.contains("chưa ghi danh tính") && !out.exists(), "{line}");
    // Not the server's list of who looked: said before anything is asked.
    let wrong = server.folder().join("sai.json");
    std::fs::write(&wrong, "{}").expect("written");
    let line = lan.refused(&["petition", "data", &id, "--out", letters(&out), "--readings", letters(&wrong)]);
    assert!(line.contains("audit list") && !out.exists(), "{line}");
    assert_eq!(audit(&server, &id).len(), 1);
}

#[test]
fn without_the_server_the_file_says_that_the_newest_may_lie_there() {
    let mut server = Server::start(TWO_COMMUNES);
    let address = server.address().to_owned();
    let [lan, thu] = ["lan", "thu"].map(|user| server.enroll(user));
    let id = log(&lan, "ruộng ngập");
    let unknown = thu.log("cầu gãy", &["--unit", "30904", "--name", "Ông Năm"]);
    lan.sync();
    thu.sync();
    lan.sync();
    thu.run(&["petition", "identity", &id, "--purpose", "clarify"]);
    thu.run(&["petition", "identify", &id, "--name", "Huỳnh Ngọc Trâm"]);
    thu.sync();
    server.stop();
    // Lan holds the older version, and does not pass it for the whole.
    let out = server.folder().join("offline.json");
    let told = answer(&lan, &[&id], &out, &[]);
    let [petition] = list(&told["petitions"]) else { panic!("one") };
    assert_eq!((versions(petition)[0].0, &petition["server_said"]), (NAME, &Json::Bool(false)));
    assert_eq!(text(petition, "readings_from"), "device");
    let page = server.folder().join("offline.html");
    let made = lan.run(&["petition", "data", &id, "--out", letters(&page)]);
    assert_eq!(made["whole"], Json::Bool(false));
    let html = std::fs::read_to_string(&page).expect("a page");
    assert!(html.contains("bản mới nhất có thể đang ở máy chủ"));
    // Of another she holds nothing: that is said in the file, and alone it makes no file.
    let both = answer(&lan, &[&id, &unknown], &out, &[]);
    assert_eq!(text(&list(&both["petitions"])[1]["person"], "state"), "not-here");
    let alone = server.folder().join("alone.html");
    let line = lan.refused(&["petition", "data", &unknown, "--out", letters(&alone)]);
    assert!(line.contains("đã ghi yêu cầu") && !alone.exists(), "{line}");

    server.serve_at(&address);
    let told = answer(&lan, &[&id], &out, &[]);
    let [petition] = list(&told["petitions"]) else { panic!("one") };
    assert_eq!(versions(petition).iter().map(|v| v.0).collect::<Vec<_>>(), [NAME, "Huỳnh Ngọc Trâm"]);
    assert_eq!(petition["server_said"], Json::Bool(true));
    // Two people's petitions in one answer are noticed.
    let out = server.folder().join("hai.html");
    let made = lan.run(&["petition", "data", &id, &unknown, "--out", letters(&out)]);
    assert_eq!(made["may_be_one_person"], Json::Bool(false));
}

#[test]
fn written_down_apart_and_forgotten_are_told_as_they_are() {
    let server = Server::start(TWO_COMMUNES);
    let [lan, hung, thu] = ["lan", "hung", "thu"].map(|user| server.enroll(user));
    let apart = lan.log("mương ô nhiễm", &["--unit", "30904", "--hamlet", "30904-vt"]);
    let forgotten = log(&lan, "tiếng ồn");
    lan.sync();
    hung.sync();
    lan.run(&["petition", "identify", &apart, "--name", "Bà Tư"]);
    hung.run(&["petition", "identify", &apart, "--name", "Bà Tư Lành"]);
    lan.sync();
    hung.sync();
    thu.sync();
    server.run(&["erase", "--identity", &forgotten]);
    let out = server.folder().join("ra.json");
    let told = answer(&thu, &[&apart, &forgotten], &out, &[]);
    let [both, none] = list(&told["petitions"]) else { panic!("two") };
    assert_eq!(versions(both).iter().map(|v| (v.0, v.1)).collect::<Vec<_>>(), [("Bà Tư", true), ("Bà Tư Lành", true)]);
    assert_eq!(text(&none["person"], "state"), "erased");
    assert_eq!((text(none, "text"), &none["server_said"]), ("tiếng ồn", &Json::Bool(true)));
    let page = server.folder().join("ra.html");
    thu.run(&["petition", "data", &apart, &forgotten, "--out", letters(&page)]);
    let html = std::fs::read_to_string(&page).expect("a page");
    assert!(html.contains("ghi khác nhau ở nhiều nơi") && html.contains("đã được xoá theo yêu cầu"));
    assert!(!html.contains("Trâm"));
}
