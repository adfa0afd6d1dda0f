//! Every reason has its line, and no line is English.

use std::collections::BTreeSet;

use sync::document::{petition, session};
use sync::model::directory::{ClockStart, EntityKind, Entries, Form04, Role, UnitKind, read_file};
use sync::model::petition::{ActionKind, Field, Kind, Status};
use sync::scope::table;

use super::*;

/// Words of English sentences that no Vietnamese syllable is spelt like.
const ENGLISH: &[&str] = &[
    "the", "is", "are", "was", "were", "of", "not", "and", "or", "has", "have", "its", "cannot", "must", "while",
    "which", "there", "that", "this", "with", "for", "one", "only", "already", "possible", "allowed", "does", "such",
    "known", "once", "written", "more", "bytes", "been",
];

/// The English words of a line.
fn english(line: &str) -> Vec<String> {
    let words = line.split(|c: char| c.is_whitespace() || c.is_ascii_punctuation() && c != '-');
    words.filter(|w| ENGLISH.contains(w)).map(str::to_owned).collect()
}

fn placeholders(line: &str) -> BTreeSet<String> {
    let behind = line.split('{').skip(1);
    behind.map(|rest| rest.split('}').next().unwrap_or_default().to_owned()).collect()
}

/// Everything that may be given under a name; codes and numbers by an example.
fn examples(name: &str) -> Vec<String> {
    let words = |all: &[&str]| all.iter().map(|w| (*w).to_owned()).collect();
    match name {
        "action" => words(ActionKind::WORDS),
        "status" => words(Status::WORDS),
        "role" => words(Role::WORDS),
        "what" => table().iter().map(|(_, subject, _)| subject.to_string()).collect(),
        "field" => {
            let said = ["note", "paper", "reason", "until", "why", "events", "revisions", "minutes"];
            words(&[petition::FACT_KEYS, session::FACT_KEYS, Field::WORDS, &said].concat())
        }
        "thing" => words(EntityKind::WORDS),
        "record" => words(&["petition", "session", "directory"]),
        "allowed" => [Role::WORDS, UnitKind::WORDS, Form04::WORDS, ClockStart::WORDS, Kind::WORDS]
            .map(|words| words.join(", "))
            .to_vec(),
        _ => vec!["7".to_owned()],
    }
}

#[test]
fn every_key_has_a_vietnamese_line_with_the_same_placeholders() {
    for key in ReasonKey::ALL {
        let line = language::reason(*key);
        let given: BTreeSet<String> = key.args().iter().map(|arg| (*arg).to_owned()).collect();
        assert_eq!(placeholders(line), given, "{key:?}: {line}");
        assert_eq!(line.matches('{').count(), key.args().len(), "{key:?}: {line}");
    }
}

#[test]
fn no_line_is_english() {
    for key in ReasonKey::ALL {
        let examples: Vec<Vec<String>> = key.args().iter().map(|name| examples(name)).collect();
        let most = examples.iter().map(Vec::len).max().unwrap_or(1);
        for i in 0..most {
            let given = examples.iter().map(|all| all[i % all.len()].as_str());
            let why = Reason::from_parts(std::iter::once(key.as_str()).chain(given));
            let line = reason(&why).expect("a line");
            assert!(!line.contains(['{', '}', '\n']), "{line}");
            assert!(!line.is_ascii(), "{line}");
            assert_eq!(english(&line), Vec::<String>::new(), "{line}");
        }
    }
    for code in RefusalCode::ALL {
        let line = refusal(*code, &Reason::from_parts(["moon-phase", "full"]));
        assert!(!line.contains("moon"), "{line}");
        assert_eq!(english(&line), Vec::<String>::new(), "{line}");
    }
}

#[test]
fn whatever_words_are_given_is_said_in_vietnamese() {
    for name in ["action", "status", "role", "what", "field", "thing", "record"] {
        for given in examples(name) {
            assert_ne!(language::value(name, &given), given, "{name} {given}");
        }
    }
    for words in examples("allowed") {
        let said = language::value("allowed", &words);
        assert_eq!(said.matches(" (").count(), words.split(", ").count(), "{said}");
    }
}

#[test]
fn every_pair_of_action_and_status_has_a_first_step() {
    let pairs = ActionKind::ALL.iter().flat_map(|action| Status::ALL.iter().map(move |status| (action, status)));
    for (action, status) in pairs {
        let line = reason(&Reason::wrong_status(action, status)).expect("a line");
        assert_eq!(line.matches("; ").count().min(1), 1, "{line}");
        assert_eq!(english(&line), Vec::<String>::new(), "{line}");
    }
}

#[test]
fn a_line_says_what_is_so_and_what_to_do() {
    let accept = refusal(RefusalCode::NotAllowed, &Reason::wrong_status("accept", "logged"));
    assert_eq!(
        accept,
        "việc “Thụ lý” không làm được khi đơn ở trạng thái “Mới ghi nhận”; chỉ làm được khi đơn đã chuyển đến cơ quan; \
         hãy chuyển đơn trước (petition refer) [mã: not-allowed]"
    );
    let text = refusal(RefusalCode::TooLarge, &Reason::field_too_long("text", 70_000, 65_536));
    assert_eq!(text, "“nội dung” dài 69 KB, nhiều nhất được 64 KB; hãy rút ngắn [mã: too-large]");
}

#[test]
fn faults_of_a_directory_file_are_said_with_what_may_stand_there() {
    let said = |text: &str| directory_file(&read_file(text, &Entries::new()).expect_err("a fault"));
    let role = said("[[post]]\ncode = \"a\"\nrole = \"king\"");
    assert!(role.contains("[[post]] a") && role.contains("officer (cán bộ xã, ấp), front_staff (đầu mối"), "{role}");
    assert_eq!(
        said("\n[[unit]]\ncode ="),
        "tệp danh mục sai cú pháp TOML ở dòng 3; hãy xem lại dấu ngoặc, dấu bằng ở dòng ấy"
    );
    let colour = said("[[unit]]\ncode = \"1\"\ncolour = \"red\"");
    assert!(colour.starts_with("tệp danh mục, mục thứ 1 của [[unit]]: không có “colour” ở đây"), "{colour}");
    let many: String = (0..9).map(|i| format!("[[unit]]\ncode = \"u{i}\"\nparent = \"gone\"\n")).collect();
    assert!(said(&many).ends_with("(và 4 chỗ nữa)"), "{}", said(&many));
    let faults = [
        "zone = 7",
        "zone = \"Asia/Giong_Rieng\"",
        "lease_days = 0",
        "zones = \"UTC\"",
        "[[ward]]\ncode = \"1\"",
        "unit = [1]",
        "[[unit]]\nname = \"Xã không mã\"",
        "[[body]]\ncode = \"a\"\nexternal = \"yes\"",
        "[[unit]]\ncode = \"a\"\nvalid_to = \"30/6/2025\"",
        "[[policy]]\nkind = \"*\"\nresolve = \"30 ngày\"",
        "[[unit]]\ncode = \"a\"\nparent = \"a\"",
        "[[post]]\ncode = \"a\"\nrole = \"officer\"",
        "[[unit]]\nid = \"x\"\ncode = \"a\"\n[[unit]]\nid = \"x\"\ncode = \"b\"",
    ];
    for fault in faults {
        let line = said(fault);
        assert_eq!(english(&line), Vec::<String>::new(), "{line}");
        assert!(!line.is_ascii() && !line.contains('\n'), "{line}");
    }
}
