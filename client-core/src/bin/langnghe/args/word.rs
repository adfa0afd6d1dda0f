//! Words and numbers of the command line, read with errors in the user's language.

use jiff::civil::Date;
use sync::identity::{Consent, Purpose};
use sync::model::petition::{AnswerMeans, Channel, Field, Kind, Outcome, Status};

fn one_of<T: Copy + ToString>(text: &str, read: Option<T>, all: &[T]) -> Result<T, String> {
    let known = || all.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    read.ok_or_else(|| format!("không có giá trị “{text}”; dùng một trong: {}", known()))
}

pub(super) fn kind(text: &str) -> Result<Kind, String> {
    one_of(text, Kind::parse(text), Kind::ALL)
}

pub(super) fn channel(text: &str) -> Result<Channel, String> {
    one_of(text, Channel::parse(text), Channel::ALL)
}

pub(super) fn status(text: &str) -> Result<Status, String> {
    one_of(text, Status::parse(text), Status::ALL)
}

pub(super) fn outcome(text: &str) -> Result<Outcome, String> {
    one_of(text, Outcome::parse(text), Outcome::ALL)
}

pub(super) fn means(text: &str) -> Result<AnswerMeans, String> {
    one_of(text, AnswerMeans::parse(text), AnswerMeans::ALL)
}

pub(super) fn field(text: &str) -> Result<Field, String> {
    one_of(text, Field::parse(text), Field::ALL)
}

pub(super) fn purpose(text: &str) -> Result<Purpose, String> {
    one_of(text, Purpose::parse(text), Purpose::ALL)
}

/// What a person has agreed to; nothing at all is an answer too.
#[derive(Debug, Clone)]
pub struct Consents(pub Vec<Consent>);

pub(super) fn consents(text: &str) -> Result<Consents, String> {
    if text == "none" {
        return Ok(Consents(Vec::new()));
    }
    let each = text.split(',').map(|word| one_of(word.trim(), Consent::parse(word.trim()), Consent::ALL));
    Ok(Consents(each.collect::<Result<_, _>>()?))
}

pub(super) fn yes_no(text: &str) -> Result<bool, String> {
    match text {
        "yes" => Ok(true),
        "no" => Ok(false),
        _ => Err(format!("không có giá trị “{text}”; dùng một trong: yes, no")),
    }
}

pub(super) fn date(text: &str) -> Result<Date, String> {
    text.parse().map_err(|_| format!("“{text}” không phải ngày; ghi theo dạng 2026-11-23"))
}

/// `YYYY-MM`.
pub(super) fn month(text: &str) -> Result<String, String> {
    let first: Result<Date, _> = format!("{text}-01").parse();
    match first {
        Ok(_) if text.len() == 7 => Ok(text.to_owned()),
        _ => Err(format!("“{text}” không phải tháng; ghi theo dạng 2026-11")),
    }
}

/// How many people: one or more.
pub(super) fn people(text: &str) -> Result<u32, String> {
    match text.parse() {
        Ok(n) if n > 0 => Ok(n),
        _ => Err(format!("“{text}” không phải số người; ghi số nguyên từ 1")),
    }
}

/// How many, none included.
pub(super) fn count(text: &str) -> Result<u32, String> {
    text.parse().map_err(|_| format!("“{text}” không phải số; ghi số nguyên từ 0"))
}
