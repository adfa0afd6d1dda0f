//! `langnghe-server erase`

use std::path::Path;

use jiff::Timestamp;
use serde_json::json;
use server::erase::{PersonErased, WordsErased, erase_person, erase_words};
use server::error::ServerError;
use server::keys::system;
use sync::model::petition::Words;

use crate::run::say;

pub fn run(
    data: &Path,
    identity: Option<String>,
    text: Option<String>,
    with_history: bool,
    json: bool,
    now: Timestamp,
) -> Result<(), ServerError> {
    match (identity, text) {
        (_, Some(petition)) => words(data, &petition, with_history, json, now),
        (identity, None) => person(data, &identity.unwrap_or_default(), json, now),
    }
}

fn rest(scrubbed: bool) -> &'static str {
    if scrubbed {
        ""
    } else {
        "\nMáy chủ đang bận: phần còn trong nhật ký ghi của cơ sở dữ liệu mất khi khởi động lại."
    }
}

fn person(data: &Path, id: &str, json: bool, now: Timestamp) -> Result<(), ServerError> {
    let PersonErased { person, versions, scrubbed } = erase_person(data, id, now)?;
    if json {
        return say(&json!({ "identity": person, "versions": versions, "scrubbed": scrubbed }).to_string());
    }
    let rest = rest(scrubbed);
    say(&format!("Đã xoá danh tính {person} ({versions} bản). Các thiết bị xoá ở lần liên lạc tới.{rest}"))
}

fn words(data: &Path, id: &str, with_history: bool, json: bool, now: Timestamp) -> Result<(), ServerError> {
    let words = if with_history { Words::OfEverybody } else { Words::OfThePerson };
    let WordsErased { record, generation, sealed, scrubbed } = erase_words(data, id, words, now, &mut system)?;
    if json {
        return say(&json!({
            "id": record, "generation": generation, "sealed": sealed, "with_history": with_history, "scrubbed": scrubbed,
        })
        .to_string());
    }
    let what = if with_history { "nội dung và mọi lời ghi về đơn" } else { "nội dung đơn" };
    let code = sync::code::of(record);
    let rest = rest(scrubbed);
    say(&format!("Đã xoá {what} {code}; đơn vẫn được đếm và theo dõi. Các thiết bị xoá ở lần liên lạc tới.{rest}"))
}
