//! What became of a register, for people.

use client_core::import_run::ImportReport;

use super::table::{Table, labelled};

pub fn report(report: &ImportReport) -> String {
    let made = report.created;
    let made = [(made.units, "đơn vị"), (made.bodies, "cơ quan"), (made.categories, "lĩnh vực")];
    let made: Vec<String> = made.iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!("{n} {what}")).collect();
    let file = report.refused_file.as_ref().map(|f| f.display().to_string());
    let pairs = [
        ("Dòng đã đọc", Some(report.read.to_string())),
        (if report.dry_run { "Sẽ thêm" } else { "Đã thêm" }, Some(report.added.to_string())),
        ("Đã có từ trước", Some(report.already.to_string())),
        ("Dòng chưa nhận", Some(report.refused.to_string())),
        (if report.dry_run { "Danh mục sẽ thêm" } else { "Danh mục đã thêm" }, Some(made.join(", "))),
        ("Tệp dòng chưa nhận", file),
    ];
    let head = if report.dry_run { "Xem trước; chưa ghi gì.\n" } else { "" };
    let mut out = format!("{head}{}", labelled(&pairs));
    if !report.preview.is_empty() {
        let mut table = Table::new(&["Dòng", "Khoá", "Lý do"]);
        for row in &report.preview {
            table.row([row.line.to_string(), row.key.clone().unwrap_or_default(), row.reason.clone()]);
        }
        out.push_str(&format!("\nCác dòng chưa nhận{}\n{}", first(report), table.print()));
    }
    out
}

fn first(report: &ImportReport) -> String {
    let shown = report.preview.len() as u64;
    if shown < report.refused { format!(" ({shown} dòng đầu)") } else { String::new() }
}
