//! Work that was not taken, for people.

use client_core::view::RefusedView;
use serde_json::Value;

use super::table::indented;

pub fn list(work: &[RefusedView]) -> String {
    if work.is_empty() {
        return "Không có việc nào chưa gửi được.\n".to_owned();
    }
    let mut out =
        String::from("Chưa gửi được – cần sửa. Lời đã ghi vẫn còn đây: retry để làm lại, discard --yes để bỏ.\n");
    for one in work {
        let whose = one.record_code.as_ref().map(|c| format!(" · đơn {c}")).unwrap_or_default();
        out.push_str(&format!("  {:>4}  {}{whose}\n", one.id, one.command));
        out.push_str(&format!("        {}\n", indented(&one.reason, 8)));
        let word = |key: &str| one.says.get(key).and_then(Value::as_str);
        if let Some(old) = word("replaced").filter(|old| !old.is_empty()) {
            out.push_str(&format!("        bỏ đoạn “{}”\n", indented(old, 8)));
        }
        let words = ["text", "reason", "note", "title"].into_iter().filter_map(word);
        for text in words.filter(|text| !text.is_empty()) {
            out.push_str(&format!("        “{}”\n", indented(text, 8)));
        }
    }
    out
}
