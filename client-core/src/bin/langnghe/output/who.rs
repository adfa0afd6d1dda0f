//! Who raised a petition, for people.

use client_core::view::{WhoView, word};
use sync::identity::Consent;

use super::moment;
use super::table::labelled;

/// Below a petition.
pub fn part(who: &WhoView) -> String {
    if let Some(at) = &who.erased {
        return format!("\nNgười phản ánh\n  Danh tính đã được xoá theo yêu cầu, {}.\n", moment(at));
    }
    match (who.named, who.held) {
        (false, false) => String::new(),
        (true, false) => {
            "\nNgười phản ánh\n  Có ghi danh tính; máy này chưa giữ. Xem bằng petition identity.\n".to_owned()
        }
        (_, true) => {
            let lines =
                alone(who).lines().map(|line| format!("  {line}").trim_end().to_owned() + "\n").collect::<String>();
            format!("\nNgười phản ánh\n{lines}")
        }
    }
}

/// By itself.
pub fn alone(who: &WhoView) -> String {
    let written =
        who.at.as_deref().map(|at| format!("{} · {}", moment(at), who.user_name.as_deref().unwrap_or_default()));
    let mut out = person(&who.name, &who.phone, &who.address, who.consent.as_deref(), written);
    if who.pending {
        out.push_str("Danh tính này chưa gửi.\n");
    }
    if who.contested {
        out.push_str("\nGhi khác nhau ở nhiều máy; hãy ghi lại một lần (petition identify) để quyết định.\n");
        for other in &who.others {
            let written = other.at.as_deref().map(|at| format!("{} · {}", moment(at), other.user_name));
            out.push('\n');
            out.push_str(&person(&other.name, &other.phone, &other.address, other.consent.as_deref(), written));
        }
    }
    out
}

fn person(
    name: &Option<String>,
    phone: &Option<String>,
    address: &Option<String>,
    consent: Option<&[Consent]>,
    written: Option<String>,
) -> String {
    labelled(&[
        ("Họ tên", name.clone()),
        ("Điện thoại", phone.clone()),
        ("Địa chỉ", address.clone()),
        ("Đồng ý", consent.map(word::consents)),
        ("Ghi lúc", written),
    ])
}
