//! Sessions for people.

use client_core::view::{SessionDetail, SessionRow, word};

use super::table::{Table, cut, indented, labelled};
use super::{moment, petition};

pub fn list(rows: &[SessionRow]) -> String {
    if rows.is_empty() {
        return "Chưa có buổi nào trên máy này.\n".to_owned();
    }
    let mut table = Table::new(&["ID", "Lúc", "Loại", "Đơn vị", "Đơn", "Gửi", "Tên"]);
    for row in rows {
        table.row([
            row.id.to_string(),
            moment(&row.at),
            word::channel(row.kind).to_owned(),
            row.unit_name.clone(),
            row.petition_count.to_string(),
            word::sending(row.sending).to_owned(),
            cut(row.title.as_deref().unwrap_or_default(), 50),
        ]);
    }
    table.print()
}

pub fn detail(session: &SessionDetail) -> String {
    let row = &session.row;
    let pairs = [
        ("Buổi", Some(word::channel(row.kind).to_owned())),
        ("Tên", row.title.clone()),
        ("ID", Some(row.id.to_string())),
        ("Lúc", Some(moment(&row.at))),
        ("Đơn vị", Some(format!("{} ({})", row.unit_name, row.unit))),
        ("Chủ trì", row.chair_name.clone()),
        ("Số người dự", row.present.map(|n| n.to_string())),
        ("Cùng buổi với", row.same_as.map(|of| of.to_string())),
        ("Gửi", Some(word::sending(row.sending).to_owned())),
    ];
    let mut out = labelled(&pairs);
    if !session.minutes.is_empty() {
        out.push_str(&format!("\nBiên bản\n  {}\n", indented(&session.minutes, 2)));
    }
    match row.conclusions.as_slice() {
        [] => {}
        [one] => out.push_str(&format!("\nKết luận\n  {}\n", indented(one, 2))),
        several => {
            out.push_str("\nKết luận (ghi ở hai nơi, chờ thống nhất)\n");
            for one in several {
                out.push_str(&format!("  – {}\n", indented(one, 4)));
            }
        }
    }
    if !session.petitions.is_empty() {
        out.push_str(&format!(
            "\nĐơn nêu tại buổi: {}\n{}",
            session.petitions.len(),
            petition::list(&session.petitions)
        ));
    }
    out
}
