//! Edits placed in texts that are not the one they were made on.

use uuid::Uuid;

use super::*;
use crate::document::session::{append_minutes, read};
use crate::document::{Document, RecordKind, Written};
use crate::id::{ActorId, EventId, Hash};

fn name(n: u128) -> EventId {
    EventId(Uuid::from_u128(n))
}

fn actor(n: u8) -> ActorId {
    ActorId([n; 16])
}

fn append(document: &mut Document, by: u8, called: u128, text: &str) -> Written {
    document.write_named(actor(by), Some(name(called)), |tx| append_minutes(tx, text)).expect("written")
}

fn text(document: &Document) -> String {
    seen(document, &[]).expect("readable").text().to_owned()
}

/// Puts `new` in the place of the only `old`.
fn edit(document: &Document, unsent: &[Hash], old: &str, new: &str) -> TextEdit {
    let seen = seen(document, unsent).expect("readable");
    assert_eq!(seen.text().matches(old).count(), 1, "{old} in {}", seen.text());
    let start = seen.text().split(old).next().expect("a beginning").chars().count();
    seen.edit(start..start + old.chars().count(), new)
}

fn put(document: &mut Document, by: u8, called: u128, edits: &[TextEdit]) -> Written {
    let placed = place(document, edits).expect("placed");
    document.write_named(actor(by), Some(name(called)), |tx| put_edits(tx, &placed)).expect("written")
}

/// What somebody else writes, who sees the text as it is.
fn change(document: &mut Document, by: u8, called: u128, old: &str, new: &str) {
    let edit = edit(document, &[], old, new);
    put(document, by, called, &[edit]);
}

fn fresh() -> Document {
    let mut document = Document::genesis(RecordKind::Session);
    append(&mut document, 1, 1, "Bà con nêu chuyện nước.");
    document
}

#[test]
fn an_edit_lands_at_its_letters_wherever_they_have_moved() {
    let mut document = fresh();
    let to_do = edit(&document, &[], "nước", "điện");
    change(&mut document, 2, 2, "Bà con", "Hôm nay, bà con ấp Vĩnh Tân");
    change(&mut document, 2, 3, "chuyện", "rất nhiều chuyện");
    put(&mut document, 1, 4, &[to_do]);
    assert_eq!(text(&document), "Hôm nay, bà con ấp Vĩnh Tân nêu rất nhiều chuyện điện.\n");
}

#[test]
fn placed_again_it_is_what_automerge_makes_of_both() {
    let mut mine = fresh();
    let mut theirs = mine.clone();
    let to_do = edit(&mine, &[], "nêu chuyện nước", "hỏi về điện");
    let written = put(&mut mine, 1, 2, std::slice::from_ref(&to_do));
    change(&mut theirs, 2, 3, "chuyện", "chuyện giếng,");
    change(&mut theirs, 2, 4, "nêu ", "");
    let mut merged = theirs.clone();
    merged.apply_bytes(&written.bytes).expect("merged");
    put(&mut theirs, 1, 2, &[to_do]);
    // What they put between stays; of what I took away nothing does.
    assert_eq!(text(&theirs), "Bà con hỏi về điệnchuyện giếng,.\n");
    assert_eq!(text(&merged), text(&theirs));
}

#[test]
fn a_passage_that_somebody_took_away_leaves_its_place() {
    let mut document = fresh();
    append(&mut document, 1, 9, "Hết.");
    let instead = edit(&document, &[], "nước", "điện");
    let away = edit(&document, &[], "nước", "");
    change(&mut document, 2, 2, " chuyện nước", "");
    assert!(place(&document, &[away]).expect("placed").is_nothing());
    put(&mut document, 1, 3, &[instead]);
    assert_eq!(text(&document), "Bà con nêuđiện.\nHết.\n");
    let all = text(&document);
    let first = edit(&document, &[], "Bà", "Ông");
    change(&mut document, 2, 4, &all, "");
    put(&mut document, 1, 5, &[first]);
    assert_eq!(text(&document), "Ông");
}

#[test]
fn letters_of_an_unsent_change_are_found_in_the_stream_it_is_written_again_in() {
    let mut document = fresh();
    let sent = document.clone();
    let unsent = append(&mut document, 1, 2, "Ông Tư hỏi về cống.");
    let to_do = edit(&document, &[unsent.hash], "Tư hỏi", "Năm hỏi thêm");
    assert_eq!(to_do.gone[0].first, Letter::Of { change: name(2), nth: 4 });
    let there = edit(&document, &[unsent.hash], "nước", "điện");
    assert!(matches!(there.gone[0].first, Letter::At { .. }), "{there:?}");

    let mut again = sent.clone();
    append(&mut again, 2, 3, "Đoạn của người khác.");
    assert!(matches!(place(&again, std::slice::from_ref(&to_do)), Err(Unplaced::NotThere)));
    append(&mut again, 7, 2, "Ông Tư hỏi về cống.");
    put(&mut again, 7, 4, &[to_do, there]);
    assert_eq!(text(&again), "Bà con nêu chuyện điện.\nĐoạn của người khác.\nÔng Năm hỏi thêm về cống.\n");
}

#[test]
fn letters_of_an_edit_keep_their_numbers_whatever_goes_with_them() {
    let mut document = fresh();
    append(&mut document, 1, 8, "Trời mưa.");
    let sent = document.clone();
    let two = [edit(&document, &[], "nước", "điện yếu"), edit(&document, &[], "mưa", "nắng to")];
    let unsent = put(&mut document, 1, 2, &two);
    let later = edit(&document, &[unsent.hash], "to", "gắt");
    assert_eq!(later.gone[0].first, Letter::Of { change: name(2), nth: 13 });
    // Half of what it takes away is gone already.
    let mut again = sent;
    change(&mut again, 2, 3, "ước", "");
    put(&mut again, 7, 2, &two);
    put(&mut again, 7, 4, &[later]);
    assert_eq!(text(&again), "Bà con nêu chuyện điện yếu.\nTrời nắng gắt.\n");
}

#[test]
fn whole_lines_need_one_neighbour_and_part_of_a_sentence_both() {
    let mut document = fresh();
    let sent = document.clone();
    let unsent = append(&mut document, 1, 2, "Ông Tư hỏi về cống.");
    let hash = [unsent.hash];
    let seen = seen(&document, &hash).expect("readable");
    let end = seen.text().chars().count();
    let begins = text(&sent).chars().count();
    for (at, line, reads) in
        [(end, "Cuối.\n", "Bà con nêu chuyện nước.\nCuối.\n"), (begins, "Giữa.\n", "Bà con nêu chuyện nước.\nGiữa.\n")]
    {
        let mut again = sent.clone();
        put(&mut again, 7, 4, &[seen.edit(at..at, line)]);
        assert_eq!(text(&again), reads);
    }
    for (at, part) in [(begins, "Hôm qua "), (end - 2, " lớn"), (end, "Chưa hết dòng")] {
        assert!(matches!(place(&sent, &[seen.edit(at..at, part)]), Err(Unplaced::NotThere)), "{part}");
    }
}

#[test]
fn what_stands_in_a_letters_place_must_be_that_letter() {
    let mut document = fresh();
    let to_do = edit(&document, &[], "nước", "điện");
    // An older copy of the folder has written the same place of the same stream otherwise.
    document = Document::genesis(RecordKind::Session);
    append(&mut document, 1, 1, "Bà con nêu chuyện được mùa.");
    assert!(matches!(place(&document, &[to_do]), Err(Unplaced::NotThere)));
}

#[test]
fn an_empty_text_is_begun_and_a_text_is_emptied() {
    let mut document = Document::genesis(RecordKind::Session);
    let begin = seen(&document, &[]).expect("readable").edit(0..0, "Một.\n");
    put(&mut document, 1, 1, std::slice::from_ref(&begin));
    let all = seen(&document, &[]).expect("readable").edit(0..5, "");
    put(&mut document, 1, 2, &[all]);
    assert_eq!(text(&document), "");
    append(&mut document, 2, 3, "Của người khác.");
    put(&mut document, 1, 4, &[begin]);
    assert_eq!(text(&document), "Của người khác.\nMột.\n");
    assert!(read(&Document::genesis(RecordKind::Session)).is_err(), "a session without facts is none");
}

#[test]
fn an_edit_reads_back_from_its_json() {
    let document = fresh();
    let edit = edit(&document, &[], "nước", "điện");
    let json = serde_json::to_string(&edit).expect("JSON");
    assert!(json.contains(&format!("@{}", "01".repeat(16))), "{json}");
    assert_eq!(serde_json::from_str::<TextEdit>(&json).expect("an edit"), edit);
}
