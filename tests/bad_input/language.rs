//! What people in a commune read when something is not taken: what, why, and what to do, in Vietnamese.

use super::Office;
use super::support::{assert_vietnamese, database, list, text};

/// Refused on the spot. Every refused line of these tests is held to be Vietnamese; here is what it says.
#[test]
fn a_refused_command_says_what_and_why_and_what_to_do() {
    let office = Office::open();
    let (lan, kept) = (&office.lan, office.kept.as_str());
    let thu = office.server.enroll("thu");
    let said = |line: String, parts: &[&str]| {
        for part in parts {
            assert!(line.contains(part), "“{part}” is not in: {line}");
        }
    };
    // Not in this state: nothing has been referred, so there is nothing to accept.
    let accept = ["petition", "accept", kept, "--on-behalf-of", "kt", "--paper", "12/CV"];
    said(thu.refused(&accept), &["chưa ghi được", "cơ quan kt không giữ đơn này", "petition show", "not-allowed"]);
    let answer = lan.refused(&["petition", "answer", kept, "--by", "phone"]);
    said(answer, &["chưa ghi được", "“Thông báo kết quả cho người dân”", "“Mới ghi nhận”", "hãy ghi kết quả trước"]);
    let resume = thu.refused(&["petition", "resume", kept]);
    said(resume, &["“Tiếp tục”", "“Mới ghi nhận”", "không cần"]);
    // A code that is not there, and a place that is not hers.
    let log = |more: &[&str]| lan.refused(&[&["petition", "log", "--text", "Cầu hỏng"][..], more].concat());
    said(log(&["--unit", "30904", "--category", "nothing"]), &["lĩnh vực mã “nothing”", "hãy kiểm tra mã"]);
    for post in [&[][..], &["--as", "cb-30904"]] {
        let line = log(&[&["--unit", "30910"][..], post].concat());
        said(line, &["vị trí cb-30904 không phụ trách nơi này", "hãy nhờ", "not-allowed"]);
    }
    let session = lan.refused(&["session", "log", "--kind", "visit", "--unit", "30910"]);
    said(session, &["vị trí cb-30904 không phụ trách nơi này"]);
    // Without the right.
    let refer = lan.refused(&["petition", "refer", kept, "--to", "kt"]);
    said(refer, &["“Cán bộ xã, ấp” không có quyền “Chuyển”", "hãy nhờ"]);
    // A value that cannot be.
    let empty = thu.refused(&["petition", "correct", kept, "--field", "urgent", "--to", "mai", "--why", "Nghe nhầm"]);
    said(empty, &["“cần gấp” không dùng được"]);
    let why = thu.refused(&[
        "petition",
        "correct",
        kept,
        "--field",
        "category",
        "--to",
        "roads",
        "--why",
        "ê".repeat(40_000).as_str(),
    ]);
    said(why, &["“lý do đính chính” dài 79 KB, nhiều nhất được 64 KB"]);
    office.assert_unharmed();
}

/// The server's refusals as the outbox keeps them: of this program, of a newer server, and of the program before.
#[test]
fn refused_work_says_why_whoever_refused_it() {
    let office = Office::open();
    for n in 0..3 {
        office.lan.log(&format!("Chờ gửi {n}"), &["--unit", "30904"]);
    }
    let kept = [
        r#"["no-such-code","category","roads"]"#,
        r#"["full-moon","tonight"]"#,
        "the author does not hold the post `cb-30904`",
    ];
    let database = database(office.lan.home());
    for (n, why) in kept.iter().enumerate() {
        let refuse = "UPDATE outbox SET state = 'refused', code = 'unknown-code', detail = ?1
             WHERE seq = (SELECT seq FROM outbox WHERE state = 'pending' ORDER BY seq LIMIT 1)";
        assert_eq!(database.execute(refuse, [why]).expect("refused"), 1, "no. {n}");
    }
    drop(database);
    let refused = office.lan.run(&["refused", "list"]);
    let reasons: Vec<&str> = list(&refused).iter().map(|work| text(work, "reason")).collect();
    assert_vietnamese(reasons[0]);
    assert!(reasons[0].starts_with("không có lĩnh vực mã “roads” trong danh mục; hãy"), "{}", reasons[0]);
    assert_vietnamese(reasons[1]);
    assert!(reasons[1].starts_with("mã không có trong danh mục; hãy"), "{}", reasons[1]);
    assert!(reasons[2].contains(kept[2]), "{}", reasons[2]);
    let details: Vec<&str> = list(&refused).iter().map(|work| text(work, "detail")).collect();
    assert_eq!(details, kept);
    // Nothing of it is lost: each can be done again.
    for work in list(&refused) {
        office.lan.run(&["refused", "retry", text(work, "id")]);
    }
    office.assert_unharmed();
}
