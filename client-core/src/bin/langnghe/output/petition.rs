//! Lists of petitions for people.

use client_core::view::{PetitionRow, Sending, word};

use super::table::{Table, cut};
use super::{day, day_of};

pub fn list(rows: &[PetitionRow]) -> String {
    if rows.is_empty() {
        return "Không có đơn nào.\n".to_owned();
    }
    let mut table = Table::new(&["Mã", "Ghi nhận", "Trạng thái", "Đơn vị", "Cơ quan", "Hạn", "Lưu ý", "Nội dung"]);
    for row in rows {
        table.row([
            row.code.clone(),
            day_of(&row.logged_at),
            word::status(row.status).to_owned(),
            row.hamlet_name.clone().unwrap_or_else(|| row.unit_name.clone()),
            cut(row.body_name.as_deref().unwrap_or_default(), 28),
            row.due.map(day).unwrap_or_default(),
            remarks(row).join(", "),
            cut(shown(row), 60),
        ]);
    }
    table.print()
}

/// What there is to read: of a sealed petition the summary where its words are not here.
pub fn shown(row: &PetitionRow) -> &str {
    if row.erased.is_some() {
        return "(đã xoá theo yêu cầu)";
    }
    match (row.wordless, row.text.is_empty()) {
        (true, true) => "(đơn kín, chưa có tóm tắt)",
        _ => &row.text,
    }
}

/// What should catch the eye.
pub fn remarks(row: &PetitionRow) -> Vec<&'static str> {
    let marks = [
        (row.sealed, "đơn kín"),
        (row.erased.is_some(), "nội dung đã xoá"),
        (row.urgent, "cần gấp"),
        (row.overdue, "quá hạn"),
        (row.contested, "chuyển hai nơi"),
        (row.late, "ghi nhận muộn"),
        (row.reopened, "mở lại"),
        (row.sending != Sending::Received, word::sending(row.sending)),
    ];
    marks.into_iter().filter(|(set, _)| *set).map(|(_, mark)| mark).collect()
}
