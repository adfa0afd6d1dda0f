//! The file of refused rows beside a source: what was not taken and why, ready to be mended and imported again.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use thiserror::Error;

/// Columns put before the source's own.
const OWN_COLUMNS: [&str; 4] = ["refused_line", "refused_key", "refused_code", "refused_reason"];

/// A refused-rows file being written.
///
/// UTF-8 with a mark, comma-separated. The source's columns follow unchanged, so that the same mapping reads
/// the mended file; for that, nothing guards against formulas here, as nothing does in the source.
/// It is begun with the first refused row, and appears under its name when [`RefusedFile::finish`] is called,
/// in place of one from an earlier run. Dropped before that, it leaves nothing behind.
#[derive(Debug)]
pub struct RefusedFile {
    path: PathBuf,
    unfinished: PathBuf,
    headers: Vec<String>,
    writer: Option<csv::Writer<BufWriter<File>>>,
}

/// The refused-rows file could not be written.
#[derive(Debug, Error)]
#[error("không ghi được tệp các dòng chưa nhận {}: {error}; kiểm tra quyền ghi và chỗ trống của thư mục", path.display())]
pub struct RefusedFileError {
    path: PathBuf,
    error: io::Error,
}

impl RefusedFile {
    /// Prepares `cases.refused.csv` beside `cases.csv` or `cases.xlsx`, for a source with these headers.
    pub fn create_beside(source: &Path, headers: &[String]) -> RefusedFile {
        RefusedFile {
            path: source.with_extension("refused.csv"),
            unfinished: source.with_extension("refused.csv.part"),
            headers: headers.to_vec(),
            writer: None,
        }
    }

    /// Adds a row, refused by its plan or by whoever judged the plan. `code` and `reason` must not repeat what a
    /// cell says; `cells` are the row's, in the order of the headers.
    pub fn write(
        &mut self,
        line: u64,
        key: Option<&str>,
        code: &str,
        reason: &str,
        cells: &[String],
    ) -> Result<(), RefusedFileError> {
        let own = [&line.to_string(), key.unwrap_or_default(), code, reason];
        self.try_write(own, cells).map_err(|error| self.failed(error))
    }

    /// Puts the file under its name and says where it is; nothing when no row was refused.
    pub fn finish(mut self) -> Result<Option<PathBuf>, RefusedFileError> {
        let Some(writer) = self.writer.take() else {
            return Ok(None);
        };
        let file = writer.into_inner().map_err(|error| error.into_error());
        let done = file
            .and_then(|file| file.into_inner().map_err(io::IntoInnerError::into_error))
            .and_then(|file| file.sync_all())
            .and_then(|()| fs::rename(&self.unfinished, &self.path));
        match done {
            Ok(()) => Ok(Some(self.path.clone())),
            Err(error) => {
                remove(&self.unfinished);
                Err(self.failed(error))
            }
        }
    }

    fn failed(&self, error: io::Error) -> RefusedFileError {
        RefusedFileError { path: self.path.clone(), error }
    }

    fn try_write(&mut self, own: [&str; 4], cells: &[String]) -> io::Result<()> {
        // An earlier refused-rows file, mended and imported, has these columns already.
        let is_sources_own =
            |index: usize| self.headers.get(index).is_none_or(|name| !OWN_COLUMNS.contains(&name.as_str()));
        let record = |own: [&str; 4], cells: &[String]| -> csv::StringRecord {
            let kept =
                cells.iter().enumerate().filter(|(index, _)| is_sources_own(*index)).map(|(_, cell)| cell.as_str());
            own.into_iter().chain(kept).collect()
        };
        let (header, row) = (record(OWN_COLUMNS, &self.headers), record(own, cells));
        let writer = match &mut self.writer {
            Some(writer) => writer,
            None => {
                let mut file = BufWriter::new(File::create(&self.unfinished)?);
                file.write_all("\u{feff}".as_bytes())?;
                // A row refused for its number of cells keeps that number.
                let mut builder = csv::WriterBuilder::new();
                let mut writer = builder.terminator(csv::Terminator::CRLF).flexible(true).from_writer(file);
                writer.write_record(&header)?;
                self.writer.insert(writer)
            }
        };
        Ok(writer.write_record(&row)?)
    }
}

impl Drop for RefusedFile {
    fn drop(&mut self) {
        if self.writer.take().is_some() {
            remove(&self.unfinished);
        }
    }
}

/// Takes away what is of no use to anybody; that it cannot be is no second error.
fn remove(unfinished: &Path) {
    let _ = fs::remove_file(unfinished);
}
