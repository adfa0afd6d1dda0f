//! What people do to petitions.

use sync::id::RecordId;
use sync::model::petition::{Action, AnswerMeans, Field, Kind, Outcome};

/// Everything that can be tried on a petition.
pub fn actions(other: RecordId, number: usize) -> Vec<Action> {
    let words = |what: &str| format!("{what} {number}");
    let refer = |to: &str, with: Option<&str>| Action::Refer {
        to: to.into(),
        with: with.map(|w| vec![w.into()]),
        due: None,
        note: None,
    };
    vec![
        Action::Receive,
        Action::Classify { kind: Some(Kind::Proposal), category: Some("roads".into()) },
        Action::Classify { kind: Some(Kind::Feedback), category: Some("land".into()) },
        refer("kt", None),
        refer("vh", None),
        refer("dd", None),
        refer("vh", Some("kt")),
        Action::Accept,
        Action::Return { reason: words("trả") },
        Action::Transfer { to: "kt".into(), reason: words("chuyển") },
        Action::Transfer { to: "vh".into(), reason: words("chuyển") },
        Action::Pause { reason: words("dừng") },
        Action::Resume,
        Action::Resolve { outcome: Outcome::Settled, text: words("xong") },
        Action::Answer { means: AnswerMeans::Phone, text: None },
        Action::Rate { satisfied: true, text: None },
        Action::Reopen { reason: words("mở lại") },
        Action::Duplicate { of: other },
        Action::Correct { field: Field::Place, value: words("đầu ấp"), why: words("ghi thiếu") },
        Action::Correct { field: Field::Text, value: words("tóm tắt"), why: words("gọn lại") },
        Action::Correct { field: Field::Hamlet, value: "a1".to_owned(), why: words("ở ấp 1") },
        Action::Correct { field: Field::Hamlet, value: String::new(), why: words("không rõ ấp") },
        Action::Comment { text: words("một ý") },
        Action::Close,
    ]
}
