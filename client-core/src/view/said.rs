//! What an event says, in words.

use serde_json::Value;
use sync::model::petition::{AnswerMeans, Field, Kind, Outcome};

use super::petition_show::EventView;
use super::when::day;
use super::word;

/// What an event says: one line of what was done, then what was written.
pub fn said(event: &EventView) -> Vec<String> {
    let text = |key: &str| event.says.get(key).and_then(Value::as_str).filter(|t| !t.is_empty());
    let date = |key: &str| text(key).and_then(|d| d.parse().ok()).map(day);
    let mut parts = Vec::new();
    if let Some(kind) = text("classified_kind").and_then(Kind::parse) {
        parts.push(word::kind(kind).to_owned());
    }
    parts.extend(text("category_name").map(|c| format!("lĩnh vực {c}")));
    if let Some(field) = text("field").and_then(Field::parse) {
        parts.push(format!("{}: {}", word::field(field), text("to").unwrap_or("(để trống)")));
    }
    parts.extend(text("to_name").map(|to| format!("đến {to}")));
    let with = event.says.get("with_names").and_then(Value::as_array).into_iter().flatten();
    let with: Vec<&str> = with.filter_map(Value::as_str).collect();
    if !with.is_empty() {
        parts.push(format!("phối hợp: {}", with.join("; ")));
    }
    parts.extend(date("due").map(|d| format!("hạn {d}")));
    parts.extend(date("until").map(|d| format!("đến ngày {d}")));
    parts.extend(text("of_code").map(|c| format!("đơn {c}")));
    parts.extend(text("into_code").map(|c| format!("thành đơn {c}")));
    parts.extend(text("outcome").and_then(Outcome::parse).map(|o| word::outcome(o).to_owned()));
    parts.extend(text("means").and_then(AnswerMeans::parse).map(|m| word::means(m).to_owned()));
    let satisfied = event.says.get("satisfied").and_then(Value::as_bool);
    parts.extend(satisfied.map(|s| word::satisfaction(s).to_owned()));
    let words = ["note", "reason", "text", "why"].into_iter().filter_map(text).map(str::to_owned);
    let mut said = if parts.is_empty() { Vec::new() } else { vec![parts.join(" · ")] };
    said.extend(words);
    said
}
