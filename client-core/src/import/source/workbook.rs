//! A register as a spreadsheet: XLSX, XLS or ODS.
//!
//! XLSX is taken cell by cell and bounded here. The older formats are laid out by their reader as a full rectangle
//! first, so a damaged file can ask for more memory than there is.

use std::fs::File;
use std::io::BufReader;
use std::panic;
use std::path::Path;

use calamine::{Data, Ods, OdsError, Reader, SheetVisible, Xls, XlsError, Xlsx, XlsxError};

use super::super::mapping::Mapping;
use super::cell::Cell;
use super::header;
use super::table::RawRow;
use super::{Body, Rows, SourceError, SourceShape};

/// How files of the older office formats begin; password-protected XLSX files too.
pub(super) const OLD_MAGIC: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";

/// Cells held at once, blanks between included.
const MAX_CELLS: usize = 20_000_000;

type Input = BufReader<File>;

/// Reads a sheet into memory and finds its header.
pub(super) fn open(path: &Path, mapping: &Mapping, start: &[u8]) -> Result<Rows, SourceError> {
    let file = File::open(path).map_err(|error| SourceError::Io { path: path.to_owned(), error })?;
    let input = BufReader::new(file);
    // The spreadsheet reader panics on some damaged files; an office must hear which file it is, no more.
    let read = panic::catch_unwind(|| {
        if start.starts_with(OLD_MAGIC) { read_old(path, mapping, input) } else { read_zipped(path, mapping, input) }
    });
    let (sheet, mut rows) = read.unwrap_or_else(|_| Err(unreadable(path, "tệp bị hỏng")))?;
    if rows.is_empty() {
        return Err(SourceError::Empty(path.to_owned()));
    }
    let Some(index) = header::find(&rows, mapping) else {
        return Err(match mapping.source.header_row {
            Some(row) => SourceError::NoHeaderRow { path: path.to_owned(), row },
            None => SourceError::Empty(path.to_owned()),
        });
    };
    let body = rows.split_off(index + 1);
    let header = &rows[index];
    Ok(Rows {
        headers: header::names(header),
        shape: SourceShape::Sheet { sheet, header_row: header.line },
        body: Body::Sheet(body.into_iter()),
    })
}

type Sheet = (String, Vec<RawRow>);

fn read_zipped(path: &Path, mapping: &Mapping, input: Input) -> Result<Sheet, SourceError> {
    let mut workbook = match Xlsx::new(input) {
        Ok(workbook) => workbook,
        Err(XlsxError::Password) => return Err(SourceError::Password(path.to_owned())),
        // Not one of Excel's: the other office format is a zip too.
        Err(error) => {
            return read_ods(path, mapping).map_err(|other| match other {
                SourceError::Workbook { .. } => unreadable(path, error),
                clear => clear,
            });
        }
    };
    let sheet = choose(path, mapping, workbook.sheets_metadata())?;
    let mut cells = workbook.worksheet_cells_reader(&sheet).map_err(|error| unreadable(path, error))?;
    // Cells are taken one by one: a stray cell in the last corner would otherwise ask for a full rectangle.
    let mut rows = Gathered::new(path);
    while let Some(cell) = cells.next_cell().map_err(|error| unreadable(path, error))? {
        let (row, column) = cell.get_position();
        rows.put(row, column, cell_of(cell.get_value().clone().into()))?;
    }
    Ok((sheet, rows.done()))
}

fn read_ods(path: &Path, mapping: &Mapping) -> Result<Sheet, SourceError> {
    let file = File::open(path).map_err(|error| SourceError::Io { path: path.to_owned(), error })?;
    let workbook = Ods::new(BufReader::new(file)).map_err(|error| match error {
        OdsError::Password => SourceError::Password(path.to_owned()),
        other => unreadable(path, other),
    })?;
    read_range(path, mapping, workbook)
}

fn read_old(path: &Path, mapping: &Mapping, input: Input) -> Result<Sheet, SourceError> {
    match Xls::new(input) {
        Ok(workbook) => read_range(path, mapping, workbook),
        Err(XlsError::Password) => Err(SourceError::Password(path.to_owned())),
        Err(error) => {
            let again = File::open(path).map_err(|error| SourceError::Io { path: path.to_owned(), error })?;
            match Xlsx::new(BufReader::new(again)) {
                Err(XlsxError::Password) => Err(SourceError::Password(path.to_owned())),
                _ => Err(unreadable(path, error)),
            }
        }
    }
}

fn read_range<W>(path: &Path, mapping: &Mapping, mut workbook: W) -> Result<Sheet, SourceError>
where
    W: Reader<Input>,
    W::Error: std::fmt::Display,
{
    let sheet = choose(path, mapping, workbook.sheets_metadata())?;
    let range = workbook.worksheet_range(&sheet).map_err(|error| unreadable(path, error))?;
    let (first_row, first_column) = range.start().unwrap_or((0, 0));
    let mut rows = Gathered::new(path);
    for (row, column, value) in range.used_cells() {
        rows.put(first_row + row as u32, first_column + column as u32, cell_of(value.clone()))?;
    }
    Ok((sheet, rows.done()))
}

/// The sheet the mapping names, else the first a person sees.
fn choose(path: &Path, mapping: &Mapping, sheets: &[calamine::Sheet]) -> Result<String, SourceError> {
    let found = match &mapping.source.sheet {
        Some(named) => sheets.iter().find(|sheet| super::tidy_name(&sheet.name) == *named),
        None => sheets.iter().find(|sheet| sheet.visible == SheetVisible::Visible).or(sheets.first()),
    };
    match (found, &mapping.source.sheet) {
        (Some(sheet), _) => Ok(sheet.name.clone()),
        (None, Some(named)) => Err(SourceError::NoSheet {
            path: path.to_owned(),
            sheet: named.clone(),
            present: sheets.iter().map(|sheet| sheet.name.clone()).collect(),
        }),
        (None, None) => Err(SourceError::Empty(path.to_owned())),
    }
}

fn unreadable(path: &Path, error: impl std::fmt::Display) -> SourceError {
    SourceError::Workbook { path: path.to_owned(), detail: error.to_string().replace('\n', " ") }
}

fn cell_of(value: Data) -> Cell {
    match value {
        Data::Empty => Cell::Blank,
        Data::String(text) => Cell::from_text(&text),
        Data::Int(number) => Cell::Text(number.to_string()),
        Data::Float(number) => Cell::from_number(number),
        Data::Bool(flag) => Cell::Text(flag.to_string()),
        Data::DateTime(serial) => Cell::from_serial(&serial),
        Data::DateTimeIso(text) => Cell::from_iso_date(&text),
        Data::DurationIso(text) => Cell::from_text(&text),
        Data::Error(error) => Cell::from_error(&error),
    }
}

/// Rows put together from cells in reading order.
struct Gathered<'p> {
    path: &'p Path,
    rows: Vec<RawRow>,
    held: usize,
}

impl<'p> Gathered<'p> {
    fn new(path: &'p Path) -> Gathered<'p> {
        Gathered { path, rows: Vec::new(), held: 0 }
    }

    fn put(&mut self, row: u32, column: u32, cell: Cell) -> Result<(), SourceError> {
        if cell.is_blank() {
            return Ok(());
        }
        let line = u64::from(row) + 1;
        let column = column as usize;
        match self.rows.last() {
            Some(last) if last.line == line => {}
            Some(last) if last.line > line => {
                return Err(unreadable(self.path, "các dòng không theo thứ tự"));
            }
            _ => self.rows.push(RawRow { line, cells: Vec::new() }),
        }
        let Some(last) = self.rows.last_mut() else {
            return Ok(());
        };
        if last.cells.len() <= column {
            self.held += column + 1 - last.cells.len();
            if self.held > MAX_CELLS {
                return Err(SourceError::TooLarge { path: self.path.to_owned(), limit: MAX_CELLS });
            }
            last.cells.resize(column + 1, Cell::Blank);
        }
        last.cells[column] = cell;
        Ok(())
    }

    fn done(self) -> Vec<RawRow> {
        self.rows
    }
}
