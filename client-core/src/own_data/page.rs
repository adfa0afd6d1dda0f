//! The answer as a page to hand over or print: one file that asks nothing of any network and runs nothing.

use std::fmt::Write;

use sync::identity::Consent;

use super::answer::{Happening, OwnData, OwnPerson, OwnPetition, OwnReading, OwnVersion, Seen, SeenFrom, TheirFacts};
use crate::view::when::{day, moment};
use crate::view::word;

const STYLE: &str = include_str!("page.css");

const TITLE: &str = "Dữ liệu cá nhân của người phản ánh";

/// What the file cannot hold, and what may be asked for next.
const ELSEWHERE: &str = "Bản này không gồm: biên bản các buổi đối thoại, tiếp xúc; giấy tờ, sổ viết tay; bản sao mà cơ quan khác \
                         giữ riêng; bản sao lưu của máy chủ.";
const RIGHTS: &str = "Người phản ánh có quyền yêu cầu sửa, xoá, hạn chế xử lý dữ liệu về mình, rút lại điều đã đồng ý, khiếu \
                      nại theo luật nói trên. Danh tính xoá được; lời phản ánh và việc giải quyết còn lưu trong hồ sơ.";

/// The page, whole.
pub fn page(data: &OwnData) -> String {
    let mut out = String::new();
    out.push_str("<!DOCTYPE html>\n<html lang=\"vi\">\n<head>\n<meta charset=\"utf-8\">\n");
    // Words of people stand in it: whatever they wrote, nothing runs and nothing is fetched.
    out.push_str(
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"referrer\" content=\"no-referrer\">\n",
    );
    let _ = write!(out, "<title>{TITLE}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n");
    head(&mut out, data);
    data.petitions.iter().for_each(|petition| section(&mut out, petition));
    foot(&mut out, data);
    out.push_str("</body>\n</html>\n");
    out
}

fn head(out: &mut String, data: &OwnData) {
    let _ = write!(
        out,
        "<header>\n<p class=\"office\">Nơi lập: {}</p>\n<p>Lập lúc {}</p>\n<h1>{TITLE}</h1>\n\
         <p class=\"law\">Trả lời yêu cầu cung cấp dữ liệu theo {}</p>\n",
        safe(&data.made_by),
        safe(&moment(&data.made_at)),
        safe(data.law)
    );
    note(
        out,
        "Giấy này ghi dữ liệu cá nhân. Chỉ trao cho chính người phản ánh hoặc người được uỷ quyền, sau khi đã xem giấy tờ.",
    );
    if !data.is_whole() {
        note(
            out,
            "Bản này lập khi chưa hỏi được máy chủ: có thể thiếu điều mới nhất về người phản ánh mà máy chủ đang giữ. Những đơn \
             như vậy được ghi rõ ở dưới.",
        );
    }
    let codes: Vec<String> = data.petitions.iter().map(|petition| safe(&petition.code)).collect();
    let _ = write!(out, "<p>Gồm {} đơn: {}.</p>\n</header>\n", codes.len(), codes.join(", "));
}

fn section(out: &mut String, petition: &OwnPetition) {
    let _ = write!(out, "<section>\n<h2>Đơn {}</h2>\n<h3>Danh tính đã ghi</h3>\n", safe(&petition.code));
    person(out, petition);
    words(out, &petition.facts);
    facts(out, &petition.facts);
    out.push_str("<h3>Diễn biến</h3>\n");
    if petition.events.is_empty() {
        out.push_str("<p>Chưa có việc nào sau khi ghi nhận.</p>\n");
    } else {
        out.push_str("<ol>\n");
        petition.events.iter().for_each(|event| happening(out, event));
        out.push_str("</ol>\n");
    }
    readings(out, petition);
    out.push_str("</section>\n");
}

fn person(out: &mut String, petition: &OwnPetition) {
    match &petition.person {
        OwnPerson::NotHere => {
            note(out, "Có thể đã ghi danh tính, nhưng máy lập bản này chưa giữ và máy chủ chưa cho biết.")
        }
        OwnPerson::NotNamed => out.push_str("<p>Đơn này không ghi danh tính người phản ánh.</p>\n"),
        OwnPerson::Erased { at } => {
            let at = at.as_deref().map(|at| format!(", lúc {}", safe(&moment(at)))).unwrap_or_default();
            let _ = writeln!(out, "<p>Danh tính đã được xoá theo yêu cầu{at}. Không còn giữ bản nào.</p>");
        }
        OwnPerson::Kept { versions } => {
            if !petition.server_said {
                note(
                    out,
                    "Chưa hỏi được máy chủ: bản mới nhất có thể đang ở máy chủ. Dưới đây là những gì máy này giữ.",
                );
            }
            if versions.iter().filter(|version| version.present).count() > 1 {
                note(
                    out,
                    "Danh tính được ghi khác nhau ở nhiều nơi, chưa ai quyết định bản nào đúng; tất cả đều ghi dưới đây.",
                );
            }
            // What holds first; then what was replaced, latest first.
            let (present, replaced): (Vec<_>, Vec<_>) = versions.iter().rev().partition(|version| version.present);
            present.into_iter().chain(replaced).for_each(|kept| version(out, kept));
        }
    }
}

fn version(out: &mut String, version: &OwnVersion) {
    let (class, state) = if version.present {
        ("version", "Đang giữ")
    } else {
        ("version replaced", "Bản cũ, đã được ghi lại")
    };
    let _ = writeln!(out, "<div class=\"{class}\">\n<p>{state}</p>");
    let blank = || Some("(không ghi)".to_owned());
    list(
        out,
        &[
            ("Họ tên", version.name.clone().or_else(blank)),
            ("Điện thoại", version.phone.clone().or_else(blank)),
            ("Địa chỉ", version.address.clone().or_else(blank)),
            ("Đã đồng ý", Some(consent(version.consent.as_deref()))),
            ("Ghi lúc", version.at.as_deref().map(moment)),
            ("Nơi ghi", Some(version.by.clone())),
            ("Gửi", version.pending.then(|| "chưa gửi lên máy chủ".to_owned())),
        ],
    );
    out.push_str("</div>\n");
}

fn consent(given: Option<&[Consent]>) -> String {
    given.map_or_else(|| "(chưa hỏi)".to_owned(), word::consents)
}

fn words(out: &mut String, facts: &TheirFacts) {
    let _ = writeln!(out, "<h3>Lời phản ánh</h3>\n<div class=\"words\">{}</div>", safe(&facts.text));
    if let Some(first) = &facts.first_text {
        let _ =
            writeln!(out, "<p>Như ghi lúc đầu, trước khi đính chính:</p>\n<div class=\"words\">{}</div>", safe(first));
    }
}

fn facts(out: &mut String, facts: &TheirFacts) {
    out.push_str("<h3>Thông tin của đơn</h3>\n");
    let source = facts.source.as_ref().map(|source| format!("{}, số {}", source.name, source.key));
    list(
        out,
        &[
            ("Tình trạng", Some(facts.status_name.to_owned())),
            ("Loại", Some(facts.kind_name.to_owned())),
            ("Lĩnh vực", facts.category_name.clone()),
            ("Đơn vị", Some(facts.unit_name.clone())),
            ("Ấp, khu phố", facts.hamlet_name.clone()),
            ("Nơi xảy ra", facts.place.clone()),
            ("Nêu qua", Some(facts.channel_name.to_owned())),
            ("Buổi", facts.session.clone()),
            ("Cần gấp", facts.urgent.then(|| "có".to_owned())),
            ("Số người cùng nêu", facts.collective.map(|n| n.to_string())),
            ("Ghi nhận lúc", Some(moment(&facts.logged_at))),
            ("Nơi ghi nhận", Some(facts.logged_by.clone())),
            ("Máy chủ nhận", Some(facts.received_at.as_deref().map_or_else(|| "chưa gửi".to_owned(), moment))),
            ("Cơ quan đang giữ", Some(facts.bodies.join("\n"))),
            ("Hạn trả lời đầu", facts.first_answer_due.map(day)),
            ("Hạn giải quyết", facts.due.map(day)),
            ("Người dân đánh giá", facts.satisfied.map(|satisfied| word::satisfaction(satisfied).to_owned())),
            ("Tách từ đơn", facts.split_from.clone()),
            ("Sổ cũ", source),
        ],
    );
}

fn happening(out: &mut String, event: &Happening) {
    let at = event.at.as_deref().map(moment).unwrap_or_default();
    let _ = writeln!(out, "<li><time>{}</time><div><p><b>{}</b></p>", safe(&at), safe(&event.what));
    for line in &event.said {
        let _ = writeln!(out, "<p>{}</p>", safe(line));
    }
    let behalf = event.on_behalf_of.as_ref().map(|body| format!("ghi thay {body}"));
    let paper = event.paper.as_ref().map(|paper| format!("văn bản {paper}"));
    let by: Vec<String> = event.by.iter().cloned().chain(behalf).chain(paper).collect();
    if !by.is_empty() {
        let _ = writeln!(out, "<p class=\"by\">{}</p>", safe(&by.join("; ")));
    }
    if let Some(why) = &event.no_effect {
        let _ = writeln!(out, "<p class=\"by\">{}</p>", safe(why));
    }
    out.push_str("</div></li>\n");
}

fn readings(out: &mut String, petition: &OwnPetition) {
    out.push_str("<h3>Ai đã xem danh tính, để làm gì</h3>\n");
    match petition.readings_from {
        SeenFrom::Device => out.push_str(
            "<p>Mỗi lần xem đều được ghi ở máy chủ. Bản này không kèm nhật ký của máy chủ; dưới đây chỉ có những lần xem trên máy \
             lập bản này mà máy chủ chưa được báo.</p>\n",
        ),
        SeenFrom::Server => {
            out.push_str("<p>Theo nhật ký của máy chủ, và những lần xem trên máy lập bản này mà máy chủ chưa được báo.</p>\n")
        }
        SeenFrom::ServerSilent => out.push_str(
            "<p>Nhật ký của máy chủ kèm theo không có dòng nào về đơn này; dưới đây chỉ có những lần xem trên máy lập bản này mà \
             máy chủ chưa được báo.</p>\n",
        ),
    }
    if petition.readings.is_empty() {
        out.push_str("<p>Không có lần nào.</p>\n");
        return;
    }
    out.push_str("<ol>\n");
    for OwnReading { at, by, what, purpose_name, .. } in &petition.readings {
        let what = match what {
            Seen::Shown => purpose_name.unwrap_or("Đã xem, không rõ mục đích").to_owned(),
            Seen::Denied => format!("Không được xem: {}", purpose_name.unwrap_or("không rõ mục đích").to_lowercase()),
            Seen::Erased => "Xoá danh tính theo yêu cầu".to_owned(),
        };
        let _ = writeln!(
            out,
            "<li><time>{}</time><div><p><b>{}</b></p>\n<p class=\"by\">{}</p></div></li>",
            safe(&moment(at)),
            safe(&what),
            safe(by)
        );
    }
    out.push_str("</ol>\n");
}

fn foot(out: &mut String, data: &OwnData) {
    let _ = write!(
        out,
        "<footer>\n<p>{ELSEWHERE}</p>\n<p>{RIGHTS}</p>\n\
         <div class=\"signed\">\n<p><b>Người trao</b><i>{}</i></p>\n<p><b>Người nhận</b><i>ký, ghi rõ họ tên</i></p>\n</div>\n</footer>\n",
        safe(&data.made_by)
    );
}

fn note(out: &mut String, text: &str) {
    let _ = writeln!(out, "<p class=\"note\">{}</p>", safe(text));
}

/// Labels and values; those without a value are left out.
fn list(out: &mut String, pairs: &[(&str, Option<String>)]) {
    out.push_str("<dl>\n");
    for (label, value) in pairs {
        if let Some(value) = value.as_ref().filter(|value| !value.is_empty()) {
            let _ = writeln!(out, "<dt>{label}</dt><dd>{}</dd>", safe(value));
        }
    }
    out.push_str("</dl>\n");
}

/// A text that stays a text: no mark of HTML, no control character, nothing that turns the direction of writing.
fn safe(text: &str) -> String {
    let turns = |c: char| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let mut out = String::with_capacity(text.len());
    for c in text.chars().filter(|c| *c == '\n' || *c == '\t' || !c.is_control() && !turns(*c)) {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}
