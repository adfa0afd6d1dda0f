//! Devices for people.

use serde_json::Value;

use super::moment;
use super::table::Table;

pub fn list(rows: &Value) -> String {
    let rows = rows.as_array().map(Vec::as_slice).unwrap_or_default();
    if rows.is_empty() {
        return "Chưa có thiết bị nào.\n".to_owned();
    }
    let mut table = Table::new(&["Mã", "Người dùng", "Tình trạng", "Ghi danh", "Liên lạc cuối", "Tên máy"]);
    for row in rows {
        let word = |key: &str| row[key].as_str().unwrap_or_default();
        let state = match word("state") {
            "pending" => "chờ duyệt",
            "revoked" => "đã thu hồi",
            _ => "đang dùng",
        };
        let times = ["enrolled_at", "last_contact"].map(|key| moment(word(key)));
        let [enrolled, contact] = times;
        table.row([
            word("id").to_owned(),
            word("user").to_owned(),
            state.to_owned(),
            enrolled,
            contact,
            word("name").to_owned(),
        ]);
    }
    table.print()
}
