//! One petition with its history for people.

use client_core::view::{EventView, PetitionDetail, said, word};
use serde_json::Value;
use sync::model::petition::{ActionKind, Field};

use super::petition::{remarks, shown};
use super::table::{indented, labelled};
use super::{day, day_of, moment};

pub fn detail(petition: &PetitionDetail) -> String {
    let row = &petition.row;
    let named = |name: &Option<String>, code: &Option<String>| match (name, code) {
        (Some(name), Some(code)) => Some(format!("{name} ({code})")),
        _ => None,
    };
    let marks = remarks(row);
    let bodies = row.body_names.iter().zip(&row.bodies).map(|(name, code)| format!("{name} ({code})"));
    let pairs = [
        ("Mã", Some(row.code.clone())),
        ("ID", Some(row.id.to_string())),
        ("Trạng thái", Some(word::status(row.status).to_owned())),
        ("Lưu ý", Some(marks.join(", "))),
        ("Loại", Some(word::kind(row.kind).to_owned())),
        ("Lĩnh vực", named(&row.category_name, &row.category)),
        ("Đơn vị", Some(format!("{} ({})", row.unit_name, row.unit))),
        ("Ấp, khu phố", named(&row.hamlet_name, &row.hamlet)),
        ("Nơi xảy ra", row.place.clone()),
        ("Kênh", Some(word::channel(row.channel).to_owned())),
        ("Số người", row.collective.map(|n| n.to_string())),
        ("Buổi", row.session.map(|s| s.to_string())),
        ("Cơ quan giữ đơn", Some(bodies.collect::<Vec<_>>().join("\n"))),
        ("Hạn trả lời", row.first_answer_due.map(day)),
        ("Hạn giải quyết", row.due.map(day)),
        ("Người dân", petition.satisfied.map(|s| word::satisfaction(s).to_lowercase())),
        ("Ghi nhận", Some(logged(petition))),
        ("Tách từ", petition.split_from.map(sync::code::of)),
        ("Gửi", Some(word::sending(row.sending).to_owned())),
    ];
    let mut out = labelled(&pairs);
    let heading = match (row.sealed, row.wordless) {
        (true, true) => "Tóm tắt (nội dung được giữ kín)",
        (true, false) => "Nội dung (giữ kín: chỉ người được giao đọc được)",
        _ => "Nội dung",
    };
    out.push_str(&format!("\n{heading}\n  {}\n", indented(shown(row), 2)));
    match &petition.summary {
        Some(summary) if !row.wordless => {
            out.push_str(&format!("\nTóm tắt cho cơ quan giải quyết\n  {}\n", indented(summary, 2)));
        }
        None if row.sealed && !row.wordless => {
            out.push_str("\nChưa có tóm tắt: cần viết (petition summary) trước khi chuyển cơ quan.\n");
        }
        _ => {}
    }
    if let Some(first) = &petition.first_text {
        out.push_str(&format!("\nNội dung lúc đầu, trước khi đính chính\n  {}\n", indented(first, 2)));
    }
    for conflict in &petition.conflicts {
        let field = conflict.get("field").and_then(Value::as_str).and_then(Field::parse);
        let field = field.map_or("một mục", word::field);
        out.push_str(&format!("\nHai người đính chính {field} khác nhau; hãy đính chính lại một lần để quyết định.\n"));
    }
    if !petition.events.is_empty() {
        out.push_str("\nDiễn biến\n");
        for event in &petition.events {
            out.push_str(&line(event));
        }
    }
    out
}

/// When, and by whom; of a sealed petition the day alone.
fn logged(petition: &PetitionDetail) -> String {
    if petition.row.sealed {
        return day_of(&petition.row.logged_at);
    }
    format!("{} · {}", moment(&petition.row.logged_at), petition.by_name)
}

fn line(event: &EventView) -> String {
    let at = event.at.as_deref().map(moment).unwrap_or_default();
    let what = ActionKind::parse(&event.kind).map_or("Việc của phiên bản mới hơn", word::action);
    let mut out = format!("  {at}  {what}");
    let mut who: Vec<String> = Vec::new();
    who.extend(event.by_name.clone());
    who.extend(event.user_name.clone().filter(|u| event.by_name.as_ref() != Some(u)));
    if event.on_behalf_of.is_some() {
        let paper = event.paper.as_ref().map(|p| format!(", văn bản {p}")).unwrap_or_default();
        who.push(format!("ghi thay {}{paper}", event.body_name.as_deref().unwrap_or_default()));
    } else {
        who.extend(event.paper.as_ref().map(|p| format!("văn bản {p}")));
    }
    if !who.is_empty() {
        out.push_str(&format!(" · {}", who.join(", ")));
    }
    out.push('\n');
    let mut more: Vec<String> = said(event);
    more.extend(event.effect_text.clone());
    if event.late {
        more.push("ghi nhận muộn".to_owned());
    }
    if event.received_at.is_none() && event.at.is_some() {
        more.push("chưa gửi".to_owned());
    }
    for part in more {
        out.push_str(&format!("                    {}\n", indented(&part, 20)));
    }
    out
}
