//! What a reason was given, in the words people read.

use sync::model::directory::{ClockStart, EntityKind, Form04, Role, UnitKind};
use sync::model::petition::{ActionKind, Kind, Status};

use crate::view::word;

/// What stands for a value in a line. `name`: under which name the reason was given it. Codes stay codes.
pub fn value(name: &str, given: &str) -> String {
    let known = match name {
        "action" => ActionKind::parse(given).map(word::action),
        "status" => Status::parse(given).map(word::status),
        "role" => Role::parse(given).map(word::role),
        "what" => subject(given),
        "field" => word::part(given),
        "thing" => EntityKind::parse(given).map(word::entry),
        "record" => word::record(given),
        "bytes" | "most" => return size(given),
        "minutes" => return stretch(given),
        "allowed" => return given.split(", ").map(allowed).collect::<Vec<_>>().join(", "),
        _ => None,
    };
    known.unwrap_or(given).to_owned()
}

/// What somebody wanted to do.
fn subject(given: &str) -> Option<&'static str> {
    Some(match given {
        "session" => "Ghi buổi",
        "log" => "Ghi nhận đơn",
        "import" => "Nhập sổ cũ",
        "directory" => "Sửa danh mục",
        "report" => "Xem báo cáo",
        "identity" => "Ghi, xem danh tính người phản ánh",
        "log-sealed" => "Ghi nhận đơn kín",
        "sealed-identity" => "Mở đơn kín",
        event => word::action(ActionKind::parse(event.strip_prefix("sealed-").unwrap_or(event))?),
    })
}

/// A word of a directory file with what it means.
fn allowed(code: &str) -> String {
    let kind = || Kind::parse(code).map(word::kind);
    let unit = || UnitKind::parse(code).map(word::unit_kind);
    let form = || Form04::parse(code).map(word::form04);
    let start = || ClockStart::parse(code).map(word::clock_start);
    let meaning = Role::parse(code).map(word::role).or_else(kind).or_else(unit).or_else(form).or_else(start);
    match meaning {
        Some(meaning) => format!("{code} ({})", inside(meaning)),
        None => code.to_owned(),
    }
}

/// A word as it stands inside a line; names in it keep their capitals.
fn inside(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().into_iter().flat_map(char::to_lowercase).chain(letters).collect()
}

/// Minutes, as hours or days where there are many.
fn stretch(minutes: &str) -> String {
    match minutes.parse::<u64>() {
        Ok(minutes @ 0..120) => format!("{minutes} phút"),
        Ok(minutes @ 120..2880) => format!("{} giờ", minutes / 60),
        Ok(minutes) => format!("{} ngày", minutes / 1440),
        Err(_) => format!("{minutes} phút"),
    }
}

/// Bytes, rounded up to what people know from files.
fn size(bytes: &str) -> String {
    match bytes.parse::<u64>() {
        Ok(bytes) => format!("{} KB", bytes.div_ceil(1024)),
        Err(_) => bytes.to_owned(),
    }
}
