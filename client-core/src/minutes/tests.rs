//! From two texts to the edits between them.

use super::difference::between;
use super::passage::{PassageError, only};

/// `new`, made from `old` by what differs.
fn made(old: &str, new: &str) -> (String, usize) {
    let mut letters: Vec<char> = old.chars().collect();
    let changed = between(old, new);
    for (gone, text) in changed.iter().rev() {
        letters.splice(gone.clone(), text.chars());
    }
    (letters.into_iter().collect(), changed.len())
}

#[test]
fn only_what_differs_changes() {
    for (old, new, changes) in [
        ("", "", 0),
        ("", "Một.\n", 1),
        ("Một.\n", "", 1),
        ("Một.\nHai.\n", "Một.\nHai.\n", 0),
        ("Một.\nHai.\nBa.\n", "Một.\nBa.\n", 1),
        ("Bà con nêu chuyện nước.\nHết.", "Bà con nêu chuyện điện.\nHết.", 1),
        ("Ông Tư hỏi về cống, bà Năm hỏi về đèn.", "Ông Sáu hỏi về cống, bà Năm hỏi về chợ.", 2),
        ("trạm y tế xã", "nhà văn hoá xã", 1),
        ("Một dòng", "Một dòng\nHai dòng", 1),
    ] {
        assert_eq!(made(old, new), (new.to_owned(), changes), "{old} → {new}");
    }
}

#[test]
fn a_new_line_is_a_whole_line() {
    assert_eq!(between("Một.\nHai.\n", "Một.\nGiữa.\nHai.\n"), [(5..5, "Giữa.\n".to_owned())]);
}

#[test]
fn a_letter_keeps_its_marks() {
    // “nghẹt” and “nghèt” with marks of their own: the letter under them is the same.
    let (old, new) = ("cống nghe\u{323}t", "cống nghe\u{300}t");
    assert_eq!(between(old, new), [(5..11, "nghe\u{300}t".to_owned())]);
    let (old, new) = ("cống e", "cống e\u{302}\u{323}");
    assert_eq!(between(old, new), [(5..6, "e\u{302}\u{323}".to_owned())]);
    let family = "👨\u{200d}👩\u{200d}👧";
    assert_eq!(between(family, "👨\u{200d}👩\u{200d}👦").len(), 1);
    assert_eq!(between(family, "👨\u{200d}👩\u{200d}👦")[0].0, 0..5);
}

#[test]
fn a_passage_is_found_however_its_marks_are_written() {
    let decomposed = "Co\u{302}\u{301}ng nghe\u{323}t";
    assert_eq!(only(decomposed, "ống"), Ok(1..6));
    assert_eq!(only("Cống nghẹt", "o\u{302}\u{301}ng"), Ok(1..4));
    assert_eq!(only(decomposed, "Co"), Err(PassageError::NotThere), "not inside a letter");
    assert_eq!(only("Cống nghẹt", "cống"), Err(PassageError::NotThere));
    assert_eq!(only("aaa", "aa"), Err(PassageError::Several(2)));
    assert_eq!(only("một", " "), Err(PassageError::Empty));
    assert_eq!(only("", "một"), Err(PassageError::NotThere));
}
