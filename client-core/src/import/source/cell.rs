//! What a cell says.

use std::borrow::Cow;

use calamine::{CellErrorType, ExcelDateTime};
use jiff::Unit;
use jiff::civil::{DateTime, Time};
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

use super::MAX_CELL_BYTES;

/// One cell, tidied: composed Unicode (NFC), no space around.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Nothing, or only space.
    Blank,
    /// A text, or a number as text.
    Text(String),
    /// A spreadsheet's date: local, without a zone.
    Date(DateTime),
    /// A formula's error (`#N/A`), or a date no calendar has.
    Broken(String),
    /// Longer than [`MAX_CELL_BYTES`]; the length in bytes. Its content is not kept.
    TooLong(usize),
}

impl Cell {
    /// A cell of text.
    pub fn from_text(text: &str) -> Cell {
        if text.len() > MAX_CELL_BYTES {
            return Cell::TooLong(text.len());
        }
        match tidy_text(text) {
            tidied if tidied.is_empty() => Cell::Blank,
            tidied => Cell::Text(tidied),
        }
    }

    /// A number as a person would write it: integers without decimals, fractions with the fifteen digits a
    /// spreadsheet shows.
    pub fn from_number(number: f64) -> Cell {
        if !number.is_finite() {
            return Cell::Broken("#NUM!".to_owned());
        }
        let shown: f64 = format!("{number:.14e}").parse().unwrap_or(number);
        // Adding zero turns -0 into 0.
        Cell::Text((shown + 0.0).to_string())
    }

    /// A spreadsheet's date or time serial.
    pub(super) fn from_serial(serial: &ExcelDateTime) -> Cell {
        if serial.is_duration() {
            return Cell::from_number(serial.as_f64());
        }
        let (year, month, day, hour, minute, second, milli) = serial.to_ymd_hms_milli();
        let broken = || Cell::Broken("#DATE!".to_owned());
        // Below one day the serial is an hour without a day.
        if (0.0..1.0).contains(&serial.as_f64()) {
            let time = Time::new(hour as i8, minute as i8, second as i8, i32::from(milli) * 1_000_000);
            return time
                .ok()
                .and_then(|time| time.round(Unit::Second).ok())
                .map_or_else(broken, |time| Cell::Text(time.to_string()));
        }
        let date = DateTime::new(
            year as i16,
            month as i8,
            day as i8,
            hour as i8,
            minute as i8,
            second as i8,
            i32::from(milli) * 1_000_000,
        );
        date.ok().and_then(|date| date.round(Unit::Second).ok()).map_or_else(broken, Cell::Date)
    }

    /// An ISO date as OpenDocument sheets hold it.
    pub(super) fn from_iso_date(text: &str) -> Cell {
        text.parse().map_or_else(|_| Cell::from_text(text), Cell::Date)
    }

    /// A formula's error.
    pub(super) fn from_error(error: &CellErrorType) -> Cell {
        Cell::Broken(error.to_string())
    }

    /// The cell as text; dates in ISO form, a day alone without an hour.
    pub fn text(&self) -> Cow<'_, str> {
        match self {
            Cell::Blank => Cow::Borrowed(""),
            Cell::Text(text) | Cell::Broken(text) => Cow::Borrowed(text),
            Cell::Date(date) if date.time() == Time::midnight() => Cow::Owned(date.date().to_string()),
            Cell::Date(date) => Cow::Owned(date.to_string()),
            Cell::TooLong(length) => Cow::Owned(format!("(ô dài {length} byte, không chép lại)")),
        }
    }

    /// Nothing in it.
    pub fn is_blank(&self) -> bool {
        matches!(self, Cell::Blank)
    }

    pub(super) fn is_too_long(&self) -> bool {
        matches!(self, Cell::TooLong(_))
    }

    /// An error, or characters lost in decoding: nothing to stand on.
    pub fn is_damaged(&self) -> bool {
        match self {
            Cell::Broken(_) | Cell::TooLong(_) => true,
            Cell::Text(text) => text.contains('\u{fffd}'),
            Cell::Blank | Cell::Date(_) => false,
        }
    }
}

/// Composes a text and takes the space and marks of nothing off its ends. Vietnamese is often stored decomposed
/// (by macOS, by windows-1258), and would then equal nothing in the directory.
pub(in crate::import) fn tidy_text(text: &str) -> String {
    let invisible = |c: char| c.is_whitespace() || c.is_control() || matches!(c, '\u{feff}' | '\u{200b}');
    let text = text.trim_matches(invisible);
    match is_nfc_quick(text.chars()) {
        IsNormalized::Yes => text.to_owned(),
        _ => text.nfc().collect(),
    }
}

/// A name on one line: as [`tidy_text`], with each run of space as one. Headers are often broken over lines.
pub(in crate::import) fn tidy_name(text: &str) -> String {
    tidy_text(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use calamine::ExcelDateTimeType::DateTime as Serial;

    fn text(cell: Cell) -> String {
        cell.text().into_owned()
    }

    #[test]
    fn numbers_read_as_a_person_writes_them() {
        for (number, written) in [
            (12.0, "12"),
            (2023.0, "2023"),
            (-3.0, "-3"),
            (-0.0, "0"),
            (0.1 + 0.2, "0.3"),
            (1.5, "1.5"),
            (123_456_789_012.0, "123456789012"),
            (1e21, "1000000000000000000000"),
        ] {
            assert_eq!(text(Cell::from_number(number)), written);
        }
        assert!(Cell::from_number(f64::NAN).is_damaged());
    }

    #[test]
    fn serials_are_days_hours_or_both() {
        // 45943 is 13 October 2025 counted from 30 December 1899.
        let cell = |value, is_1904| text(Cell::from_serial(&ExcelDateTime::new(value, Serial, is_1904)));
        assert_eq!(cell(45943.0, false), "2025-10-13");
        assert_eq!(cell(45943.5, false), "2025-10-13T12:00:00");
        // The epoch of 1904 stands 1462 days later.
        assert_eq!(cell(44481.0, true), "2025-10-13");
        // 14:30 is 0.604166…; the float lies a hair beside the second.
        assert_eq!(cell(45943.604166666664, false), "2025-10-13T14:30:00");
        assert_eq!(cell(0.604166666666667, false), "14:30:00");
        // The 29th of February 1900 exists in spreadsheets only.
        assert!(Cell::from_serial(&ExcelDateTime::new(60.0, Serial, false)).is_damaged());
    }

    #[test]
    fn text_is_composed_and_trimmed() {
        let decomposed = "\u{feff} Đa\u{302}\u{301}t đai\u{a0}";
        assert_eq!(text(Cell::from_text(decomposed)), "Đất đai");
        assert_eq!(Cell::from_text(" \t\u{200b}"), Cell::Blank);
        assert_eq!(tidy_name("Ngày\n  tiếp nhận"), "Ngày tiếp nhận");
        assert_eq!(Cell::from_text(&"a".repeat(MAX_CELL_BYTES + 1)), Cell::TooLong(MAX_CELL_BYTES + 1));
    }
}
