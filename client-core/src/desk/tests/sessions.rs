//! Sessions and their minutes from forms.

use sync::id::EventId;
use sync::model::petition::Channel;

use super::{said, sit, waits};
use crate::desk::{
    ConcludeForm, DeskError, LogForm, MinutesForm, MinutesWrite, MinutesWritten, SameAsForm, SessionForm,
};
use crate::view;
use crate::view::tests::desk::{Desk as World, id, record};

fn opened() -> World {
    let mut world = World::new();
    let form = SessionForm {
        id: Some(record(30)),
        kind: Channel::Dialogue,
        unit: "30904-vt".to_owned(),
        title: Some(" Đối thoại ấp ".to_owned()),
        chair: Some("cb".to_owned()),
        present: Some(40),
        at: Some("2026-11-22T08:00".to_owned()),
    };
    for _ in 0..2 {
        let session = sit(&mut world, "cb", |desk| desk.open_session(&form)).expect("opened");
        assert_eq!((session.id, waits(&world)), (record(30), 1));
    }
    world
}

fn write(world: &mut World, name: u8, write: MinutesWrite) -> Result<MinutesWritten, DeskError> {
    let form = MinutesForm { id: Some(EventId(id(name))), session: record(30).to_string(), write };
    sit(world, "cb", |desk| desk.write_minutes(form))
}

fn minutes(world: &World) -> String {
    view::session(&world.replica, record(30), world.now).expect("a session").minutes.trim_end().to_owned()
}

#[test]
fn a_petition_in_a_session_is_from_where_it_was() {
    let mut world = opened();
    let form = LogForm { unit: None, session: Some(record(30).to_string()), ..said("Đèn đường hỏng") };
    let logged = sit(&mut world, "cb", |desk| desk.log(&form)).expect("logged");
    let row = view::petition_row(&world.replica, logged.id, world.now).expect("a row");
    assert_eq!(
        (row.hamlet.as_deref(), row.channel, row.session),
        (Some("30904-vt"), Channel::Dialogue, Some(record(30)))
    );
}

#[test]
fn minutes_are_written_once_however_often_they_are_sent() {
    let mut world = opened();
    for _ in 0..2 {
        write(&mut world, 70, MinutesWrite::Append { text: "Bà con nêu chuyện nước.\n".to_owned() }).expect("written");
        assert_eq!((minutes(&world).as_str(), waits(&world)), ("Bà con nêu chuyện nước.", 2));
    }
    for _ in 0..2 {
        let replace = MinutesWrite::Replace { old: "nước".to_owned(), new: "điện".to_owned() };
        write(&mut world, 71, replace).expect("written");
        assert_eq!((minutes(&world).as_str(), waits(&world)), ("Bà con nêu chuyện điện.", 3));
    }
    let gone = MinutesWrite::Replace { old: "nước".to_owned(), new: "điện".to_owned() };
    assert_eq!(write(&mut world, 72, gone).expect_err("not there").key(), "passage-not-there");
}

#[test]
fn a_text_area_changes_only_what_was_changed_in_it() {
    let mut world = opened();
    write(&mut world, 70, MinutesWrite::Append { text: "Một.\nHai.".to_owned() }).expect("written");
    let shown = sit(&mut world, "cb", |desk| desk.minutes(&record(30).to_string())).expect("shown");
    assert_eq!(shown.text, "Một.\nHai.");
    // It goes to a screen and comes back.
    let seen = serde_json::from_str(&serde_json::to_string(&shown.seen).expect("JSON")).expect("as it was");
    write(&mut world, 71, MinutesWrite::Append { text: "Ba, của người khác.".to_owned() }).expect("written");
    let rewrite = MinutesWrite::Rewrite { seen, text: "Một, đã sửa.\nHai.\n".to_owned() };
    for _ in 0..2 {
        assert!(write(&mut world, 72, rewrite.clone()).expect("written").written);
        assert_eq!(minutes(&world), "Một, đã sửa.\nHai.\nBa, của người khác.");
    }
    let same = MinutesWrite::Rewrite { seen: shown.seen, text: shown.text };
    assert!(!write(&mut world, 73, same).expect("nothing to do").written);
}

#[test]
fn conclusions_are_events_of_their_own() {
    let mut world = opened();
    let form = ConcludeForm {
        id: Some(EventId(id(80))),
        session: record(30).to_string(),
        text: "Giao xã xem lại.".to_owned(),
        at: None,
    };
    for _ in 0..2 {
        let acted = sit(&mut world, "cb", |desk| desk.conclude(&form)).expect("concluded");
        assert_eq!((acted.id, acted.event, waits(&world)), (record(30), EventId(id(80)), 2));
    }
    let missing = SameAsForm { id: None, session: record(30).to_string(), of: record(31).to_string(), at: None };
    assert_eq!(sit(&mut world, "cb", |desk| desk.same_as(&missing)).expect_err("not here").key(), "not-here");
}
