//! Who raised a petition, for people.

use client_core::view::{OriginView, WhoView, word};
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
    // Of a sealed petition only the day is written outside, and by nobody.
    let written = who
        .at
        .as_deref()
        .filter(|_| who.origin.is_none() || who.user.as_deref() != Some(""))
        .map(|at| format!("{} · {}", moment(at), who.user_name.as_deref().unwrap_or_default()));
    let mut lines = person(&who.name, &who.phone, &who.address, who.consent.as_deref(), written);
    lines.extend(who.origin.iter().flat_map(heard));
    let mut out = labelled(&lines);
    if who.pending {
        out.push_str("Danh tính này chưa gửi.\n");
    }
    if who.contested {
        out.push_str("\nGhi khác nhau ở nhiều máy; hãy ghi lại một lần (petition identify) để quyết định.\n");
        for other in &who.others {
            let written = other.at.as_deref().map(|at| format!("{} · {}", moment(at), other.user_name));
            out.push('\n');
            let lines = person(&other.name, &other.phone, &other.address, other.consent.as_deref(), written);
            out.push_str(&labelled(&lines));
        }
    }
    out
}

/// Labels with what stands beside them.
type Lines = Vec<(&'static str, Option<String>)>;

/// Where, when and by whom a sealed petition was heard.
fn heard(origin: &OriginView) -> Lines {
    let mut by = format!("{} ({})", origin.user_name, origin.post_name);
    if origin.checked == Some(false) {
        by.push_str(" – CHỮ KÝ KHÔNG ĐÚNG: có thể không phải người này ghi");
    }
    vec![
        ("Ấp, khu phố", origin.hamlet_name.clone()),
        ("Buổi", origin.session.map(|s| s.to_string())),
        ("Nghe lúc", origin.at.as_deref().map(moment)),
        ("Người ghi", Some(by)),
    ]
}

fn person(
    name: &Option<String>,
    phone: &Option<String>,
    address: &Option<String>,
    consent: Option<&[Consent]>,
    written: Option<String>,
) -> Lines {
    vec![
        ("Họ tên", name.clone()),
        ("Điện thoại", phone.clone()),
        ("Địa chỉ", address.clone()),
        ("Đồng ý", consent.map(word::consents)),
        ("Ghi lúc", written),
    ]
}
