//! Edits inside minutes that are run again: on what others wrote meanwhile, in another stream, without what was refused.

use sync::document::session;
use sync::document::text::{place, put_edits, seen};
use sync::id::{ActorId, Epoch};
use sync::model::petition::Channel;
use sync::model::session::{SessionAction, SessionFacts};
use sync::wire::RefusalCode;
use uuid::Uuid;

use super::server::ADMIN_KEY;
use super::world::{ADMIN, World, event, record};
use crate::command::{Command, CommandError};
use crate::minutes::MinutesSeen;

const THEIR_EPOCH: Epoch = Epoch(Uuid::from_bytes([60; 16]));

/// A session with a paragraph, at the server.
fn held() -> World {
    let mut world = World::new();
    let facts = SessionFacts {
        kind: Channel::Dialogue,
        unit: "30904".into(),
        at: world.now,
        stamped: None,
        title: None,
        chair: None,
        present: None,
        by: "cb".into(),
    };
    world.run(Command::OpenSession { record: record(30), facts });
    append(&mut world, 31, "Bà con nêu chuyện nước.");
    assert_eq!(world.sync().expect("a sync").pushed, 2);
    world
}

fn append(world: &mut World, name: u8, text: &str) {
    world.run(Command::AppendMinutes { record: record(30), text: text.to_owned(), paragraph: Some(event(name)) });
}

fn minutes(world: &World) -> MinutesSeen {
    world.replica.minutes(record(30)).expect("readable").expect("here")
}

fn edit(world: &mut World, name: u8, old: &str, new: &str) {
    let command = minutes(world).replaced(old, new, event(name)).expect("an edit");
    world.run(command);
}

/// A conclusion: something else that stands before an edit.
fn conclude(world: &mut World) {
    let action = SessionAction::Conclude { text: "xong".to_owned() };
    let (at, by) = (world.now, "cb".into());
    world.run(Command::SessionEvent { record: record(30), event: event(90), action, at, by, stamped: None });
}

/// Another device changes what the server has.
fn others(world: &mut World, old: &str, new: &str) {
    let mut document = world.server.document(record(30));
    let theirs = seen(&document, &[]).expect("readable");
    let start = theirs.text().split(old).next().expect("a beginning").chars().count();
    let placed = place(&document, &[theirs.edit(start..start + old.chars().count(), new)]).expect("placed");
    let actor = ActorId::derive(&ADMIN_KEY, record(30), THEIR_EPOCH);
    let written = document.write(actor, |tx| put_edits(tx, &placed)).expect("a change");
    world.server.put(record(30), ADMIN, THEIR_EPOCH, &written.bytes);
}

/// The `n`-th push from now on is refused.
fn refuse(world: &mut World, n: usize) {
    let pushed: usize = world.server.requests.iter().map(|r| r.push.as_ref().map_or(0, Vec::len)).sum();
    world.server.refuse.insert(pushed + n, RefusalCode::NotAllowed);
}

/// What everybody reads: the server's and the replica's are the same.
fn reads(world: &World) -> String {
    let here = world.replica.document(record(30)).expect("readable").expect("here");
    assert_eq!(world.server.document(record(30)).heads(), here.heads());
    session::read(&here).expect("a session").minutes
}

fn reasons(world: &World) -> Vec<String> {
    world.replica.refused().expect("refused work").iter().map(|r| r.why.to_string()).collect()
}

#[test]
fn an_edit_in_the_middle_lands_at_its_letters() {
    let mut world = held();
    conclude(&mut world);
    edit(&mut world, 40, "chuyện nước", "chuyện điện");
    others(&mut world, "Bà con", "Hôm nay, khi bà con");
    others(&mut world, "nước", "nước máy, nước giếng");
    refuse(&mut world, 0);
    let before = world.replica.identity().epoch;
    let report = world.sync().expect("a sync");
    assert_ne!(world.replica.identity().epoch, before, "it was not run again");
    assert_eq!((report.pushed, report.refused, report.pending), (1, 1, 0), "{report:?}");
    assert_eq!(reads(&world), "Hôm nay, khi bà con nêu chuyện điệnnước máy, nước giếng.");
}

#[test]
fn the_outbox_keeps_letters_and_no_numbers() {
    let mut world = held();
    edit(&mut world, 40, "nước", "điện");
    append(&mut world, 41, "Hết.");
    edit(&mut world, 42, "Hết", "Xong");
    let mut select = world.replica.connection().prepare("SELECT command FROM outbox ORDER BY seq").expect("a table");
    let commands = select.query_map([], |row| row.get::<_, String>(0)).expect("rows");
    let commands: Vec<String> = commands.collect::<Result<_, _>>().expect("commands");
    let actor = ActorId::derive(&world.replica.keys().signing_public(), record(30), world.replica.identity().epoch);
    assert!(commands[0].contains(r#""command":"edit-minutes""#), "{}", commands[0]);
    assert!(commands[0].contains(&format!("@{}", actor.to_automerge())), "{}", commands[0]);
    assert!(commands[2].contains(&format!(r##""first":"{}#0""##, event(41))), "{}", commands[2]);
    for command in &commands {
        let read: Command = serde_json::from_str(command).expect("a command");
        assert_eq!(serde_json::to_string(&read).expect("JSON"), *command);
    }
}

#[test]
fn an_edit_of_ones_own_unsent_paragraph_goes_with_it_into_another_stream() {
    let mut world = held();
    append(&mut world, 40, "Đoạn không được nhận.");
    append(&mut world, 41, "Ông Tư hỏi về cống.");
    edit(&mut world, 42, "Tư hỏi", "Năm hỏi nhiều");
    // In the letters of that edit, and of the paragraph behind them, and of one that is at the server.
    edit(&mut world, 43, "nhiều", "kỹ");
    edit(&mut world, 44, "cống", "cống và đèn");
    edit(&mut world, 45, "nước", "điện");
    refuse(&mut world, 0);
    let report = world.sync().expect("a sync");
    assert_eq!((report.pushed, report.refused, report.pending), (5, 1, 0), "{report:?}");
    assert_eq!(reads(&world), "Bà con nêu chuyện điện.\nÔng Năm hỏi kỹ về cống và đèn.");
    assert_eq!(reasons(&world), [r#"["by-the-script"]"#]);
}

#[test]
fn an_edit_of_what_was_refused_waits_with_it_for_its_author() {
    let mut world = held();
    append(&mut world, 40, "Ông Tư hỏi về cống.");
    edit(&mut world, 41, "Tư", "Năm");
    refuse(&mut world, 0);
    let report = world.sync().expect("a sync");
    assert_eq!((report.pushed, report.refused, report.pending), (0, 2, 0), "{report:?}");
    assert_eq!(reads(&world), "Bà con nêu chuyện nước.");
    assert_eq!(reasons(&world), [r#"["by-the-script"]"#, r#"["passage-not-there"]"#]);
    let [paragraph, edit] = [0, 1].map(|n| world.replica.refused().expect("refused work")[n].id);
    // Alone it cannot be done, and stays; after the paragraph it can.
    let alone = world.replica.retry(edit, world.now).expect_err("nowhere to stand");
    assert!(matches!(alone, CommandError::Refused(_)), "{alone}");
    assert_eq!(world.replica.totals().expect("totals").refused, 2);
    world.replica.retry(paragraph, world.now).expect("a retry").expect("found");
    world.replica.retry(edit, world.now).expect("a retry").expect("found");
    assert_eq!(world.sync().expect("a sync").pushed, 2);
    assert_eq!(reads(&world), "Bà con nêu chuyện nước.\nÔng Năm hỏi về cống.");
}

#[test]
fn a_passage_that_somebody_else_took_away_is_not_lost_from_either_side() {
    let mut world = held();
    append(&mut world, 40, "Đoạn không được nhận.");
    edit(&mut world, 41, "nước", "điện");
    others(&mut world, " chuyện nước", "");
    refuse(&mut world, 0);
    let report = world.sync().expect("a sync");
    assert_eq!((report.pushed, report.refused, report.pending), (1, 1, 0), "{report:?}");
    assert_eq!(reads(&world), "Bà con nêuđiện.");
}

#[test]
fn taking_away_what_is_gone_is_done() {
    let mut world = held();
    append(&mut world, 40, "Đoạn không được nhận.");
    edit(&mut world, 41, " chuyện nước", "");
    append(&mut world, 42, "Hết.");
    others(&mut world, "nêu chuyện nước", "về sớm");
    refuse(&mut world, 0);
    let report = world.sync().expect("a sync");
    assert_eq!((report.pushed, report.refused, report.pending), (1, 1, 0), "{report:?}");
    assert_eq!(reads(&world), "Bà con về sớm.\nHết.");
    let again = minutes(&world).replaced("về sớm", "về sớm", event(43));
    assert!(again.is_err(), "{again:?}");
}

#[test]
fn whoever_began_to_write_before_a_sync_writes_what_was_seen() {
    let mut world = held();
    append(&mut world, 40, "Đoạn không được nhận.");
    append(&mut world, 41, "Ông Tư hỏi về cống.");
    let json = serde_json::to_string(&minutes(&world)).expect("JSON");
    let page: MinutesSeen = serde_json::from_str(&json).expect("as it was");
    others(&mut world, "Bà con", "Hôm nay bà con");
    refuse(&mut world, 0);
    world.sync().expect("a sync");
    // The paragraph is in another stream now, and one that was on the page is not there.
    let text = page.text().replace("nước", "điện").replace("Tư hỏi", "Năm hỏi thêm") + "\nHết.";
    world.run(page.rewritten(&text, event(42)).expect("an edit"));
    assert_eq!(world.sync().expect("a sync").pushed, 1);
    assert_eq!(reads(&world), "Hôm nay bà con nêu chuyện điện.\nÔng Năm hỏi thêm về cống.\nHết.");
    assert_eq!(page.rewritten(page.text(), event(43)), None);
    let lost = page.rewritten(&page.text().replace("không được nhận", "khác"), event(44)).expect("an edit");
    assert!(matches!(world.replica.execute(lost, world.now), Err(CommandError::Refused(_))));
}

#[test]
fn minutes_are_begun_and_emptied_by_an_edit() {
    let mut world = held();
    world.run(minutes(&world).rewritten("", event(40)).expect("an edit"));
    assert_eq!(minutes(&world).text(), "");
    world.run(minutes(&world).rewritten("Làm lại.", event(41)).expect("an edit"));
    append(&mut world, 42, "Hết.");
    assert_eq!(world.sync().expect("a sync").pushed, 3);
    assert_eq!(reads(&world), "Làm lại.\nHết.");
}
