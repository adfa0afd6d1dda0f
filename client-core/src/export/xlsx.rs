//! The register as a sheet, ready for the screen and for paper.

use std::path::Path;

use jiff::Zoned;
use jiff::civil::Date;
use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError,
};

use super::ExportError;
use super::columns::{Content, Value, columns};
use super::file::write_whole;
use super::row::ExportRow;

/// The most lines a sheet takes under its header.
pub const MAX_ROWS: usize = 1_048_576 - FIRST_ROW as usize;

const TITLE_ROW: u32 = 0;
const NOTE_ROW: u32 = 1;
const HEADER_ROW: u32 = 3;
const FIRST_ROW: u32 = HEADER_ROW + 1;
/// Columns that stay in sight: the number and the code.
const FROZEN_COLUMNS: u16 = 2;

/// The longest text a cell takes, in UTF-16 units, and what ends a text cut there.
const MAX_CELL_UNITS: usize = 32_767;
const CUT_MARK: &str = " … (còn nữa)";

/// Points from line to line, and the highest a row may be.
const LINE_POINTS: f64 = 15.75;
const MAX_HEIGHT: f64 = 409.0;
/// Letters of the register's type to a unit of column width, allowing for words that do not break.
const LETTERS_PER_WIDTH: f64 = 1.15;

const FONT: &str = "Times New Roman";
const A4: u8 = 9;

/// Writes the register as XLSX: a title, a line on when it was made, a header that stays in sight and is
/// repeated on paper, filters, wrapped text, real dates; A4 across, one page wide.
///
/// Texts are written as texts, so that none runs as a formula. A text longer than a cell may hold is cut and
/// says so; the CSV has it whole.
pub fn write_xlsx(path: &Path, rows: &[ExportRow], content: Content, generated_at: &Zoned) -> Result<(), ExportError> {
    if rows.len() > MAX_ROWS {
        return Err(ExportError::TooManyRows { rows: rows.len() });
    }
    let buffer = workbook(rows, content, generated_at)
        .map_err(|error| ExportError::Workbook { path: path.to_owned(), detail: error.to_string() })?;
    write_whole(path, content.readers(), |file| std::io::Write::write_all(file, &buffer))
}

fn workbook(rows: &[ExportRow], content: Content, generated_at: &Zoned) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let made = excel_time(generated_at)?;
    workbook.set_properties(
        &DocProperties::new().set_title("Sổ theo dõi phản ánh, kiến nghị").set_creation_datetime(&made),
    );
    let sheet = workbook.add_worksheet();
    sheet.set_name("Sổ theo dõi")?;
    lay_out(sheet, content)?;
    write_head(sheet, rows.len(), content, generated_at)?;
    write_lines(sheet, rows, content)?;
    let last = FIRST_ROW + (rows.len() as u32).max(1) - 1;
    sheet.autofilter(HEADER_ROW, 0, last, last_column(content))?;
    workbook.save_to_buffer()
}

fn last_column(content: Content) -> u16 {
    columns(content).count() as u16 - 1
}

fn lay_out(sheet: &mut Worksheet, content: Content) -> Result<(), XlsxError> {
    for (index, column) in (0..).zip(columns(content)) {
        sheet.set_column_width(index, column.width)?;
    }
    sheet.set_freeze_panes(FIRST_ROW, FROZEN_COLUMNS)?;
    sheet.set_paper_size(A4).set_landscape().set_print_fit_to_pages(1, 0);
    sheet.set_repeat_rows(HEADER_ROW, HEADER_ROW)?;
    // Inches: left, right, top, bottom, header, footer.
    sheet.set_margins(0.6, 0.4, 0.6, 0.6, 0.3, 0.3);
    sheet.set_footer("&C&P/&N");
    Ok(())
}

fn write_head(sheet: &mut Worksheet, count: usize, content: Content, generated_at: &Zoned) -> Result<(), XlsxError> {
    let plain = Format::new().set_font_name(FONT);
    let title = plain
        .clone()
        .set_bold()
        .set_font_size(16)
        .set_align(FormatAlign::Center)
        .set_align(FormatAlign::VerticalCenter);
    let note = plain.clone().set_italic().set_font_size(12).set_align(FormatAlign::Center);
    let named = if content == Content::WithIdentity { " – có danh tính, không phổ biến" } else { "" };
    let made = format!("Lập lúc {} – {count} vụ việc{named}", generated_at.strftime("%H:%M ngày %d/%m/%Y"));
    sheet.merge_range(TITLE_ROW, 0, TITLE_ROW, last_column(content), "SỔ THEO DÕI PHẢN ÁNH, KIẾN NGHỊ", &title)?;
    sheet.set_row_height(TITLE_ROW, 28)?;
    sheet.merge_range(NOTE_ROW, 0, NOTE_ROW, last_column(content), &made, &note)?;
    sheet.set_row_height(NOTE_ROW, 20)?;
    let header = plain
        .set_bold()
        .set_font_size(12)
        .set_text_wrap()
        .set_align(FormatAlign::Center)
        .set_align(FormatAlign::VerticalCenter)
        .set_background_color("D9E2F3")
        .set_border(FormatBorder::Thin);
    for (index, column) in (0..).zip(columns(content)) {
        sheet.write_string_with_format(HEADER_ROW, index, column.title, &header)?;
    }
    // Room for two lines and the filter's button.
    sheet.set_row_height(HEADER_ROW, 50)?;
    Ok(())
}

fn write_lines(sheet: &mut Worksheet, rows: &[ExportRow], content: Content) -> Result<(), XlsxError> {
    let cell = Format::new()
        .set_font_name(FONT)
        .set_font_size(12)
        .set_text_wrap()
        .set_align(FormatAlign::Top)
        .set_border(FormatBorder::Thin);
    let centred = cell.clone().set_align(FormatAlign::Center);
    let day = centred.clone().set_num_format("dd/mm/yyyy");
    for (number, row) in (1..).zip(rows) {
        let line = FIRST_ROW + number - 1;
        sheet.set_row_height(line, height(number, row, content))?;
        for (index, column) in (0..).zip(columns(content)) {
            let style = if column.centred { &centred } else { &cell };
            match (column.value)(number, row) {
                Value::Number(number) => sheet.write_number_with_format(line, index, number, style)?,
                Value::Text(text) => sheet.write_string_with_format(line, index, fitting(text), style)?,
                Value::Day(date) => sheet.write_datetime_with_format(line, index, excel_day(date)?, &day)?,
                Value::Blank => sheet.write_blank(line, index, style)?,
            };
        }
    }
    Ok(())
}

/// The height of a line, in points, by an estimate of how its texts wrap. Excel would find it by itself;
/// other programs leave lines at one row's height and write the texts over each other.
fn height(number: u32, row: &ExportRow, content: Content) -> f64 {
    let wrapped = |text: &str, width: f64| -> usize {
        let room = (width * LETTERS_PER_WIDTH).max(1.0) as usize;
        text.lines().map(|paragraph| paragraph.chars().count().div_ceil(room).max(1)).sum()
    };
    let lines = columns(content).map(|column| match (column.value)(number, row) {
        Value::Text(text) => wrapped(text, column.width),
        Value::Number(_) | Value::Day(_) | Value::Blank => 1,
    });
    (lines.max().unwrap_or(1) as f64 * LINE_POINTS + 2.0).min(MAX_HEIGHT)
}

fn excel_day(day: Date) -> Result<ExcelDateTime, XlsxError> {
    ExcelDateTime::from_ymd(day.year() as u16, day.month() as u8, day.day() as u8)
}

fn excel_time(at: &Zoned) -> Result<ExcelDateTime, XlsxError> {
    excel_day(at.date())?.and_hms(at.hour() as u16, at.minute() as u8, f64::from(at.second()))
}

/// The text, cut where a cell ends.
fn fitting(text: &str) -> String {
    if text.encode_utf16().count() <= MAX_CELL_UNITS {
        return text.to_owned();
    }
    let room = MAX_CELL_UNITS - CUT_MARK.encode_utf16().count();
    let mut units = 0;
    let kept = text.chars().take_while(|character| {
        units += character.len_utf16();
        units <= room
    });
    kept.chain(CUT_MARK.chars()).collect()
}
