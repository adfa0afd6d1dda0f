//! The register as comma-separated text.

use std::borrow::Cow;
use std::io::{self, Write};
use std::path::Path;

use csv::{Terminator, WriterBuilder};

use super::ExportError;
use super::columns::{Content, Value, columns};
use super::file::write_whole;
use super::row::ExportRow;

/// Writes the register as CSV: a header and a line each, no titles above.
///
/// UTF-8 with a mark at the start, without which Excel spoils Vietnamese; lines end in CRLF; dates are
/// `YYYY-MM-DD`, which every spreadsheet reads alike. A text that a spreadsheet would take for a formula
/// (beginning with `=`, `+`, `-`, `@`, their full-width forms, or a control character) gets an apostrophe
/// before it: what a citizen wrote must not run on an officer's computer.
pub fn write_csv(path: &Path, rows: &[ExportRow], content: Content) -> Result<(), ExportError> {
    write_whole(path, content.readers(), |file| {
        file.write_all("\u{feff}".as_bytes())?;
        let mut writer = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(file);
        writer.write_record(columns(content).map(|column| column.title))?;
        for (number, row) in (1..).zip(rows) {
            for column in columns(content) {
                writer.write_field(written((column.value)(number, row)).as_bytes())?;
            }
            writer.write_record(None::<&[u8]>)?;
        }
        writer.flush()?;
        Ok::<(), io::Error>(())
    })
}

fn written(value: Value<'_>) -> Cow<'_, str> {
    match value {
        Value::Number(number) => Cow::Owned(number.to_string()),
        Value::Text(text) => guarded(text),
        Value::Day(day) => Cow::Owned(day.to_string()),
        Value::Blank => Cow::Borrowed(""),
    }
}

/// Keeps a text a text in a spreadsheet.
fn guarded(text: &str) -> Cow<'_, str> {
    let dangerous = |c: char| matches!(c, '=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠') || c.is_control();
    if text.starts_with(dangerous) { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}
