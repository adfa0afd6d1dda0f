//! Sealed petitions: what their creation and their events may not tell, and who may write them.

use sync::id::{EventId, OfficeId, RecordId};
use sync::model::petition::{Action, Facts, Field, Kind};
use sync::reason::ReasonKey;
use sync::wire::RefusalCode;
use uuid::Uuid;

use super::desk::{Desk, facts, refusal};

/// 23 November 2026 begins in Vietnam.
const DAY: &str = "2026-11-22T17:00:00Z";

fn sealed() -> Facts {
    Facts {
        kind: Kind::Denunciation,
        text: String::new(),
        petitioner: Some(EventId(Uuid::from_u128(99))),
        at: DAY.parse().expect("a time"),
        sealed: Some(OfficeId::from("mt")),
        ..facts("", "")
    }
}

fn log(desk: &mut Desk, user: &str, facts: &Facts, pseudonymous: bool) -> Result<(), (RefusalCode, ReasonKey)> {
    let bytes = desk.log(user, facts);
    let pushed = desk.push_as(user, pseudonymous, bytes);
    pushed.map(drop).map_err(|verdict| match verdict {
        sync::gate::Verdict::Refused(why) => (why.code, why.reason.key().expect("a known reason")),
        sync::gate::Verdict::Waiting(deps) => panic!("waits for {deps:?}"),
    })
}

fn summary() -> Action {
    Action::Correct {
        field: Field::Text, value: "Tố cáo việc thu tiền sai".to_owned(), why: "tóm tắt".to_owned()
    }
}

fn refer() -> Action {
    Action::Refer { to: "kt".into(), with: None, due: None, note: None }
}

#[test]
fn its_creation_tells_neither_where_nor_when_nor_by_whom_it_was_heard() {
    let tells: Vec<(&str, Facts)> = vec![
        ("text", Facts { text: "ông Bảy nói".to_owned(), ..sealed() }),
        ("place", Facts { place: Some("cầu Kênh".to_owned()), ..sealed() }),
        ("hamlet", Facts { hamlet: Some("ap".into()), ..sealed() }),
        ("session", Facts { session: Some(RecordId::from_bytes([8; 16])), ..sealed() }),
        ("by", Facts { by: "cb".into(), ..sealed() }),
        ("at", Facts { at: "2026-11-22T17:00:01Z".parse().expect("a time"), ..sealed() }),
        ("split_from", Facts { split_from: Some(RecordId::from_bytes([8; 16])), ..sealed() }),
        ("stamped", Facts { stamped: Some(DAY.parse().expect("a time")), ..sealed() }),
    ];
    for (field, facts) in tells {
        let found = log(&mut Desk::new(), "lan", &facts, true).expect_err(field);
        assert_eq!(found, (RefusalCode::BadValue, ReasonKey::SealedTells), "{field}");
    }
    let nobody = Facts { petitioner: None, ..sealed() };
    assert_eq!(log(&mut Desk::new(), "lan", &nobody, true).expect_err("nobody").1, ReasonKey::FieldMissing);
    // The petition's own id stands for its words.
    let itself = Facts { petitioner: Some(EventId(Desk::new().record().0)), ..sealed() };
    assert_eq!(log(&mut Desk::new(), "lan", &itself, true).expect_err("itself").1, ReasonKey::FieldMissing);
    log(&mut Desk::new(), "lan", &sealed(), true).expect("taken");
}

#[test]
fn it_is_logged_under_a_pseudonym_and_nothing_else_is() {
    let wrong = (RefusalCode::BadChange, ReasonKey::NotUnderAPseudonym);
    assert_eq!(log(&mut Desk::new(), "lan", &sealed(), false), Err(wrong));
    assert_eq!(log(&mut Desk::new(), "lan", &facts("cb", "Đường hỏng"), true), Err(wrong));
    let mut desk = Desk::new();
    log(&mut desk, "lan", &sealed(), true).expect("taken");
    let event = desk.event("minh", "gk", Action::Receive, None);
    assert_eq!(refusal(desk.push_as("minh", true, event).expect_err("an event")), RefusalCode::BadChange);
}

#[test]
fn a_denunciation_is_sealed_from_the_beginning() {
    let ordinary = Facts { kind: Kind::Denunciation, ..facts("cb", "Ông A lấy tiền") };
    assert_eq!(log(&mut Desk::new(), "lan", &ordinary, false).expect_err("ordinary").1, ReasonKey::Denunciation);
    let mut desk = Desk::new();
    log(&mut desk, "lan", &facts("cb", "Đường hỏng"), false).expect("taken");
    for action in [
        Action::Classify { kind: Some(Kind::Denunciation), category: None },
        Action::Correct { field: Field::Kind, value: "denunciation".to_owned(), why: "nhầm".to_owned() },
    ] {
        let event = desk.event("hoa", "tn", action, None);
        assert_eq!(refusal(desk.push("hoa", event).expect_err("made one")), RefusalCode::BadValue);
    }
}

#[test]
fn a_hamlets_head_may_log_it_for_the_commune_but_nobody_elsewhere() {
    for user in ["lan", "tam", "hoa", "minh"] {
        log(&mut Desk::new(), user, &sealed(), true).unwrap_or_else(|why| panic!("{user}: {why:?}"));
    }
    assert_eq!(log(&mut Desk::new(), "son", &sealed(), true).expect_err("a body").0, RefusalCode::NotAllowed);
    let elsewhere = Facts { unit: "other".into(), ..sealed() };
    assert_eq!(log(&mut Desk::new(), "lan", &elsewhere, true).expect_err("elsewhere").0, RefusalCode::NotAllowed);
    let nowhere = Facts { sealed: Some("none".into()), ..sealed() };
    assert_eq!(log(&mut Desk::new(), "lan", &nowhere, true).expect_err("no office").0, RefusalCode::UnknownCode);
}

#[test]
fn only_the_entrusted_work_on_it_and_a_body_gets_it_with_a_summary_only() {
    let mut desk = Desk::new();
    log(&mut desk, "lan", &sealed(), true).expect("taken");
    for (user, post) in [("lan", "cb"), ("hoa", "tn")] {
        let event = desk.event(user, post, Action::Comment { text: "xem".to_owned() }, None);
        assert_eq!(refusal(desk.push(user, event).expect_err("not entrusted")), RefusalCode::NotAllowed, "{user}");
    }
    let early = desk.event("minh", "gk", refer(), None);
    assert_eq!(refusal(desk.push("minh", early).expect_err("no summary")), RefusalCode::NotAllowed);
    for field in [Field::Hamlet, Field::Place] {
        let value = if field == Field::Hamlet { "ap" } else { "cầu Kênh" }.to_owned();
        let tells = desk.event("minh", "gk", Action::Correct { field, value, why: "rõ hơn".to_owned() }, None);
        assert_eq!(refusal(desk.push("minh", tells).expect_err("tells")), RefusalCode::BadValue, "{field}");
    }
    let summary = desk.event("minh", "gk", summary(), None);
    desk.push("minh", summary).expect("a summary");
    let referred = desk.event("minh", "gk", Action::Refer { to: "vh".into(), with: None, due: None, note: None }, None);
    desk.push("minh", referred).expect("referred");
    let accepted = desk.event("son", "xl-vh", Action::Accept, Some(("vh", false, None)));
    desk.push("son", accepted).expect("accepted");
    let onward = Action::Transfer { to: "kt".into(), reason: "nhầm".to_owned() };
    let onward = desk.event("son", "xl-vh", onward, Some(("vh", false, None)));
    assert_eq!(refusal(desk.push("son", onward).expect_err("whom it goes to is not its own")), RefusalCode::NotAllowed);
}
