//! A register as delimited text, streamed.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use csv::{Reader, ReaderBuilder, StringRecord};
use encoding_rs::Encoding;

use super::super::mapping::Mapping;
use super::cell::Cell;
use super::encoding::{ALLOWANCE_SPENT, Utf8Reader, detect};
use super::header::{self, Likeness};
use super::table::RawRow;
use super::{Body, MAX_CELL_BYTES, Rows, SourceError, SourceShape};

/// What may stand between cells, the likeliest first.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// How much of a file is read to find its delimiter.
const SAMPLE_BYTES: u64 = 256 << 10;

/// The longest row read: a few cells at their limit. Beyond, a quotation mark was left open.
const MAX_ROW_BYTES: usize = 16 * MAX_CELL_BYTES;

/// The rows of a text file, header and all.
#[derive(Debug)]
pub(super) struct TextRows {
    path: PathBuf,
    reader: Reader<Utf8Reader<File>>,
    record: StringRecord,
    failed: bool,
}

/// Opens a delimited text and reads as far as its header.
pub(super) fn open(path: &Path, mapping: &Mapping) -> Result<Rows, SourceError> {
    let io = |error| SourceError::Io { path: path.to_owned(), error };
    let encoding = match mapping.source.encoding {
        Some(encoding) => encoding,
        None => detect(path).map_err(io)?,
    };
    let delimiter = match mapping.source.delimiter {
        Some(delimiter) => delimiter,
        None => detect_delimiter(&sample(path, encoding).map_err(io)?, mapping),
    };
    let mut ahead = Vec::new();
    for row in TextRows::new(path, encoding, delimiter)? {
        let row = row?;
        let past = mapping.source.header_row.is_some_and(|line| row.line >= line);
        ahead.push(row);
        if past || (mapping.source.header_row.is_none() && ahead.len() >= header::ROWS_SEARCHED) {
            break;
        }
    }
    if ahead.is_empty() {
        return Err(SourceError::Empty(path.to_owned()));
    }
    let Some(index) = header::find(&ahead, mapping) else {
        return Err(match mapping.source.header_row {
            Some(row) => SourceError::NoHeaderRow { path: path.to_owned(), row },
            None => SourceError::Empty(path.to_owned()),
        });
    };
    let mut rows = TextRows::new(path, encoding, delimiter)?;
    for row in rows.by_ref().take(index + 1) {
        row?;
    }
    Ok(Rows {
        headers: header::names(&ahead[index]),
        shape: SourceShape::Text {
            encoding: encoding.name(),
            delimiter: char::from(delimiter),
            header_row: ahead[index].line,
        },
        body: Body::Text(Box::new(rows)),
    })
}

fn sample(path: &Path, encoding: &'static Encoding) -> std::io::Result<Vec<u8>> {
    let mut text = Vec::new();
    Utf8Reader::new(File::open(path)?, encoding).take(SAMPLE_BYTES).read_to_end(&mut text)?;
    Ok(text)
}

/// The delimiter under which some row looks most like the header the mapping speaks of.
fn detect_delimiter(sample: &[u8], mapping: &Mapping) -> u8 {
    let mut best: (Likeness, u8) = ((false, 0, 1), DELIMITERS[0]);
    let set = mapping.source.header_row.and_then(|row| usize::try_from(row).ok());
    let searched = set.unwrap_or(0).max(header::ROWS_SEARCHED);
    for delimiter in DELIMITERS {
        let mut reader = builder(delimiter).from_reader(sample);
        let records = reader.byte_records().take(searched).map_while(Result::ok);
        for (index, record) in records.enumerate() {
            let cells = record.iter().map(|cell| Cell::from_text(&String::from_utf8_lossy(cell))).collect();
            let found = header::likeness(&RawRow { line: index as u64, cells }, mapping);
            if found > best.0 {
                best = (found, delimiter);
            }
        }
    }
    best.1
}

fn builder(delimiter: u8) -> ReaderBuilder {
    let mut builder = ReaderBuilder::new();
    builder.has_headers(false).flexible(true).delimiter(delimiter);
    builder
}

impl TextRows {
    fn new(path: &Path, encoding: &'static Encoding, delimiter: u8) -> Result<TextRows, SourceError> {
        let file = File::open(path).map_err(|error| SourceError::Io { path: path.to_owned(), error })?;
        let reader = builder(delimiter).from_reader(Utf8Reader::new(file, encoding));
        Ok(TextRows { path: path.to_owned(), reader, record: StringRecord::new(), failed: false })
    }

    fn read(&mut self) -> Result<Option<RawRow>, SourceError> {
        let before = self.reader.position().line();
        self.reader.get_mut().allow(MAX_ROW_BYTES);
        match self.reader.read_record(&mut self.record) {
            Ok(false) => return Ok(None),
            // Every line ends with a newline (see `Utf8Reader`): only a row whose quotation mark is still open
            // reads on to the end of the file.
            Ok(true) if self.reader.get_ref().has_ended() => {
                return Err(SourceError::QuoteUnclosed { path: self.path.clone(), line: self.first_line() + 1 });
            }
            Ok(true) => {}
            Err(error) => return Err(self.failure(error, before)),
        }
        let cells = self.record.iter().map(Cell::from_text).collect();
        Ok(Some(RawRow { line: self.first_line(), cells }))
    }

    /// Where the record just read begins: counted back from where it ends, since blank lines before it are
    /// skipped unseen.
    fn first_line(&self) -> u64 {
        let breaks: usize = self.record.iter().map(|cell| cell.matches('\n').count()).sum();
        self.reader.position().line().saturating_sub(1 + breaks as u64).max(1)
    }

    fn failure(&self, error: csv::Error, line: u64) -> SourceError {
        let path = self.path.clone();
        match error.into_kind() {
            csv::ErrorKind::Io(error) if error.to_string() == ALLOWANCE_SPENT => {
                SourceError::QuoteUnclosed { path, line }
            }
            csv::ErrorKind::Io(error) => SourceError::Io { path, error },
            // The reader hands out UTF-8 and lengths are free, so nothing else can come.
            other => SourceError::Io { path, error: std::io::Error::other(format!("{other:?}")) },
        }
    }
}

impl Iterator for TextRows {
    type Item = Result<RawRow, SourceError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.failed {
            return None;
        }
        let read = self.read().transpose();
        self.failed = matches!(read, Some(Err(_)));
        read
    }
}
