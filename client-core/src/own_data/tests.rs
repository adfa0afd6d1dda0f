//! The answer as it is read by others: a browser, a program, a person who must not get somebody else's.

use sync::id::{EventId, RecordId};
use sync::identity::Consent;

use super::*;

fn version(name: &str, phone: &str, present: bool) -> OwnVersion {
    OwnVersion {
        id: EventId::from_bytes([1; 16]),
        present,
        replaced_by: Vec::new(),
        name: Some(name.to_owned()),
        phone: Some(phone.to_owned()).filter(|phone| !phone.is_empty()),
        address: None,
        consent: Some(vec![Consent::Contact]),
        at: Some("2026-11-23T08:30:00+07:00".to_owned()),
        by: "Cán bộ Mặt trận xã, Xã Giồng Riềng".to_owned(),
        pending: false,
    }
}

fn petition(text: &str, versions: Vec<OwnVersion>) -> OwnPetition {
    OwnPetition {
        id: RecordId::from_bytes([2; 16]),
        code: "KT-7K3M-Q2VA".to_owned(),
        person: OwnPerson::Kept { versions },
        server_said: true,
        facts: TheirFacts {
            text: text.to_owned(),
            first_text: None,
            status: "logged".to_owned(),
            status_name: "Mới ghi nhận",
            kind: "feedback".to_owned(),
            kind_name: "Phản ánh",
            category: None,
            category_name: None,
            unit: "30904".to_owned(),
            unit_name: "Xã Giồng Riềng".to_owned(),
            hamlet: None,
            hamlet_name: None,
            place: None,
            channel: "reception".to_owned(),
            channel_name: "Tiếp công dân",
            session: None,
            urgent: false,
            collective: None,
            logged_at: "2026-11-23T08:30:00+07:00".to_owned(),
            logged_by: "Cán bộ Mặt trận xã".to_owned(),
            received_at: None,
            bodies: Vec::new(),
            first_answer_due: None,
            due: None,
            satisfied: None,
            split_from: None,
            source: None,
        },
        events: Vec::new(),
        readings: Vec::new(),
        readings_from: SeenFrom::Device,
    }
}

fn data(petitions: Vec<OwnPetition>) -> OwnData {
    OwnData {
        law: LAW,
        made_at: "2026-11-30T08:30:00+07:00".to_owned(),
        made_by: "Đầu mối tiếp nhận".to_owned(),
        petitions,
    }
}

#[test]
fn what_people_wrote_stays_a_text_on_the_page() {
    let nasty = "</style><script>alert(1)</script> \"a\" 'b' & \u{202e}đảo\u{7}";
    let shown = page(&data(vec![petition(nasty, vec![version(nasty, "0909", true)])]));
    let safe = "&lt;/style&gt;&lt;script&gt;alert(1)&lt;/script&gt; &quot;a&quot; &#39;b&#39; &amp; đảo";
    assert_eq!(shown.matches(safe).count(), 2, "words and name");
    assert!(!shown.contains("<script") && shown.matches("</style>").count() == 1);
    // Nothing is fetched from anywhere.
    assert!(shown.contains("default-src 'none'"));
    assert!(!shown.contains("http:") && !shown.contains("https:") && !shown.contains("url("));
}

#[test]
fn petitions_of_people_who_share_nothing_are_noticed() {
    let of = |name: &str, phone: &str| petition("x", vec![version(name, phone, true)]);
    let one = |petitions| data(petitions).may_be_one_person();
    assert!(one(vec![of("Nguyễn Thị Lành", "")]));
    assert!(one(vec![of("Nguyễn Thị Lành", "0909 000 111"), of("NGUYEN THI LANH", "")]));
    assert!(one(vec![of("Bà Tư", "0909.000.111"), of("Nguyễn Thị Lành", "+84 909 000 111")]));
    assert!(!one(vec![of("Bà Tư", "0909 000 111"), of("Nguyễn Thị Lành", "0909 000 112")]));
    // A former name counts as well.
    let renamed = petition("x", vec![version("Bà Tư", "", false), version("Nguyễn Thị Lành", "", true)]);
    assert!(one(vec![of("Bà Tư", ""), renamed]));
}

#[test]
fn what_is_no_audit_is_not_taken_for_an_empty_one() {
    assert_eq!(audit(b"[]"), Ok(Vec::new()));
    let line = r#"{"line":1,"at":"2026-11-23T08:30:00+07:00","device":"x","user":"thu","what":"identity-read",
        "record":"0199a000-0000-7000-8000-000000000000","detail":"answer"}"#;
    assert_eq!(audit(format!("\u{feff}[{line}]").as_bytes()).map(|lines| lines.len()), Ok(1));
    for wrong in [
        "",
        "{}",
        "[1]",
        r#"{"lines":3}"#,
        &line.replace("0199a000-", "x"),
        &format!("[{}]", line.replace("2026-", "x")),
    ] {
        assert_eq!(audit(wrong.as_bytes()), Err(NotAnAudit), "{wrong}");
    }
}
