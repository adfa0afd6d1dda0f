//! The columns of the register offices keep today, in their order.

use jiff::civil::Date;

use super::row::{ExportRow, PersonCells};

/// What a list has of each petition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Content {
    /// The register, without anybody's identity.
    Register,
    /// The same with who raised it.
    WithIdentity,
}

/// What a line has in a column.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Value<'r> {
    Number(u32),
    Text(&'r str),
    Day(Date),
    Blank,
}

/// One column.
pub(super) struct Column {
    pub title: &'static str,
    /// In characters of the sheet's ordinary type.
    pub width: f64,
    /// Short values are centred, running text is not.
    pub centred: bool,
    pub value: for<'r> fn(u32, &'r ExportRow) -> Value<'r>,
}

const fn column(
    title: &'static str,
    width: f64,
    centred: bool,
    value: for<'r> fn(u32, &'r ExportRow) -> Value<'r>,
) -> Column {
    Column { title, width, centred, value }
}

fn text(text: Option<&String>) -> Value<'_> {
    text.map_or(Value::Blank, |text| Value::Text(text))
}

fn day<'r>(day: Option<Date>) -> Value<'r> {
    day.map_or(Value::Blank, Value::Day)
}

/// The columns of a list. A value is asked for with the line's number, counted from 1.
pub(super) fn columns(content: Content) -> impl Iterator<Item = &'static Column> {
    let person = if content == Content::WithIdentity { PERSON } else { &[] };
    REGISTER.iter().chain(person)
}

const REGISTER: &[Column] = &[
    column("STT", 5.0, true, |number, _| Value::Number(number)),
    column("Mã", 13.5, true, |_, row| Value::Text(&row.code)),
    column("Ngày tiếp nhận", 11.0, true, |_, row| Value::Day(row.received)),
    column("Kênh", 11.5, false, |_, row| Value::Text(&row.channel)),
    column("Đơn vị", 12.0, false, |_, row| Value::Text(&row.unit)),
    column("Ấp/khu phố", 11.5, false, |_, row| text(row.hamlet.as_ref())),
    column("Loại", 9.5, false, |_, row| Value::Text(&row.kind)),
    column("Lĩnh vực", 10.5, false, |_, row| text(row.category.as_ref())),
    column("Nội dung", 42.0, false, |_, row| Value::Text(&row.text)),
    column("Cơ quan giải quyết", 17.0, false, |_, row| text(row.body.as_ref())),
    column("Ngày chuyển", 11.0, true, |_, row| day(row.referred)),
    column("Hạn giải quyết", 11.0, true, |_, row| day(row.due)),
    column("Trạng thái", 11.5, false, |_, row| Value::Text(&row.status)),
    column("Kết quả", 25.0, false, |_, row| text(row.outcome.as_ref())),
    column("Ngày giải quyết", 11.0, true, |_, row| day(row.resolved)),
    column("Ngày trả lời người dân", 11.0, true, |_, row| day(row.answered)),
    column("Hình thức trả lời", 9.5, false, |_, row| text(row.answered_by.as_ref())),
    column("Mức độ hài lòng", 9.5, false, |_, row| text(row.satisfaction.as_ref())),
    column("Ghi chú", 12.5, false, |_, row| text(row.remark.as_ref())),
];

fn person<'r>(row: &'r ExportRow, cell: impl Fn(&'r PersonCells) -> Option<&'r String>) -> Value<'r> {
    text(row.person.as_ref().and_then(cell))
}

const PERSON: &[Column] = &[
    column("Họ tên", 20.0, false, |_, row| person(row, |p| p.name.as_ref())),
    column("Điện thoại", 14.0, false, |_, row| person(row, |p| p.phone.as_ref())),
    column("Địa chỉ", 24.0, false, |_, row| person(row, |p| p.address.as_ref())),
    column("Đồng ý", 18.0, false, |_, row| person(row, |p| p.consent.as_ref())),
    column("Ghi chú danh tính", 18.0, false, |_, row| person(row, |p| p.remark.as_ref())),
];
