//! Taking a register in: every planned row becomes one command, one change, under an id computed from the row's key, so
//! that the same row imported again, here or on another device, is the same petition.

mod action;
mod error;
mod judge;
mod missing;
mod row;

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::Serialize;
use sync::model::directory::{Directory, Role};
use uuid::Uuid;

use crate::command::{Command, CommandError};
use crate::import::{Mapping, Plan, PlannedRow, RefusedFile, Row};
use crate::replica::Replica;
pub use error::{ImportRunError, RowFault};
use missing::Missing;
use row::RowReader;

/// Rows written in one local transaction.
const BATCH: usize = 500;
/// Refused rows shown in a report; the file has them all.
const SHOWN: usize = 20;

/// How to import.
#[derive(Debug, Clone, Default)]
pub struct ImportOptions {
    /// Writes nothing, gives the same numbers.
    pub dry_run: bool,
    /// Directory administrators: codes that are not there become entries, code and name as written.
    pub create_missing: bool,
    /// The importer's post, where the user holds several.
    pub post: Option<String>,
}

/// What became of a register.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct ImportReport {
    /// Rows read.
    pub read: u64,
    /// Petitions that are new.
    pub added: u64,
    /// Petitions that were here before.
    pub already: u64,
    /// Rows not taken.
    pub refused: u64,
    /// Where they are, with the reasons; none when there are none or nothing is written.
    pub refused_file: Option<PathBuf>,
    /// Nothing was written.
    pub dry_run: bool,
    /// Entries made in the directory by `create_missing`.
    pub created: CreatedEntries,
    /// The first refused rows.
    pub preview: Vec<RefusedRow>,
}

/// Entries made in the directory.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[allow(missing_docs)]
pub struct CreatedEntries {
    pub units: u64,
    pub bodies: u64,
    pub categories: u64,
}

/// A row that was not taken. Names columns, never what a cell says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs)]
pub struct RefusedRow {
    pub line: u64,
    pub key: Option<String>,
    pub code: String,
    pub reason: String,
}

/// Imports a register by a mapping file. `ids` makes UUIDv7s (for directory entries only).
pub fn run(
    replica: &mut Replica,
    source: &Path,
    mapping: &Path,
    options: &ImportOptions,
    now: Timestamp,
    ids: &mut dyn FnMut() -> Uuid,
) -> Result<ImportReport, ImportRunError> {
    let text = std::fs::read_to_string(mapping)
        .map_err(|error| ImportRunError::MappingFile { path: mapping.to_owned(), error })?;
    let mapping = Mapping::parse(&text)?;
    let wanted = options.post.as_deref();
    let importer = |p: &sync::model::directory::Post| p.role == Role::Importer;
    let posts = match wanted {
        Some(_) => vec![replica.choose_post(wanted, importer, now)?],
        None => replica.posts(now).into_iter().filter(|p| importer(p)).cloned().collect(),
    };
    if !posts.iter().any(importer) {
        return Err(ImportRunError::NotImporter);
    }

    let mut created = CreatedEntries::default();
    let mut directory = replica.directory().clone();
    if options.create_missing {
        let missing = Missing::find(plan(source, &mapping, &directory)?, &directory)?;
        created = missing.counts();
        if !missing.is_empty() {
            let changes = missing.changes(replica, wanted, now, ids)?;
            directory = Directory::from_entries(&missing::with(replica.entries(), &changes));
            if !options.dry_run {
                missing::write(replica, changes, now)?;
            }
        }
    }

    let plan = plan(source, &mapping, &directory)?;
    let headers = plan.headers().to_vec();
    let mut run = Run {
        replica,
        options,
        now,
        reader: RowReader { directory: &directory, posts: &posts, source: mapping.source_name().to_owned() },
        report: ImportReport { dry_run: options.dry_run, created, ..ImportReport::default() },
        refused: (!options.dry_run).then(|| RefusedFile::create_beside(source, &headers)),
        batch: Vec::with_capacity(BATCH),
    };
    for row in plan {
        run.take(row?)?;
    }
    run.finish()
}

fn plan<'m>(source: &Path, mapping: &'m Mapping, directory: &Directory) -> Result<Plan<'m>, ImportRunError> {
    let rows = crate::import::open(source, mapping)?;
    Ok(Plan::new(mapping, rows, directory.zone().clone())?)
}

/// An import on its way.
struct Run<'a> {
    replica: &'a mut Replica,
    options: &'a ImportOptions,
    now: Timestamp,
    reader: RowReader<'a>,
    report: ImportReport,
    refused: Option<RefusedFile>,
    batch: Vec<(Box<PlannedRow>, Command)>,
}

impl Run<'_> {
    fn take(&mut self, row: Row) -> Result<(), ImportRunError> {
        self.report.read += 1;
        let row = match row {
            Row::Planned(row) => row,
            Row::Refused { line, key, reason, cells } => {
                return self.refuse(line, key.as_deref(), reason.code(), &reason.to_string(), &cells);
            }
        };
        let tenant = self.replica.identity().tenant;
        if self.replica.has(self.reader.record(tenant, &row.key))? {
            self.report.already += 1;
            return Ok(());
        }
        let read = self.reader.read(tenant, &row, self.now);
        match read {
            Ok(command) if self.options.dry_run => {
                let judged = judge::judge(self.replica, self.reader.directory, &command, self.now);
                self.count(&row, judged)
            }
            Ok(command) => {
                self.batch.push((row, command));
                if self.batch.len() >= BATCH { self.write() } else { Ok(()) }
            }
            Err(fault) => self.refuse(row.line, Some(&row.key), &fault.code(), &fault.to_string(), &row.cells),
        }
    }

    fn write(&mut self) -> Result<(), ImportRunError> {
        let (rows, commands): (Vec<_>, Vec<_>) = std::mem::take(&mut self.batch).into_iter().unzip();
        let results = self.replica.execute_all(&commands, self.now)?;
        for (row, result) in rows.into_iter().zip(results) {
            self.count(&row, result.map(|_| ()))?;
        }
        Ok(())
    }

    fn count(&mut self, row: &PlannedRow, result: Result<(), CommandError>) -> Result<(), ImportRunError> {
        match result {
            Ok(()) => self.report.added += 1,
            Err(CommandError::AlreadyThere(_)) => self.report.already += 1,
            Err(CommandError::Refused(refusal)) => {
                let reason = crate::message::refusal(refusal.code, &refusal.reason);
                self.refuse(row.line, Some(&row.key), refusal.code.as_str(), &reason, &row.cells)?;
            }
            Err(CommandError::Replica(error)) => return Err(error.into()),
            // The library's message may quote the row.
            Err(_) => {
                let reason = "không ghi được dòng này thành đơn; kiểm tra ký tự lạ trong dòng";
                self.refuse(row.line, Some(&row.key), "bad-change", reason, &row.cells)?;
            }
        }
        Ok(())
    }

    fn refuse(
        &mut self,
        line: u64,
        key: Option<&str>,
        code: &str,
        reason: &str,
        cells: &[String],
    ) -> Result<(), ImportRunError> {
        self.report.refused += 1;
        if self.report.preview.len() < SHOWN {
            self.report.preview.push(RefusedRow {
                line,
                key: key.map(str::to_owned),
                code: code.to_owned(),
                reason: reason.to_owned(),
            });
        }
        match &mut self.refused {
            Some(file) => Ok(file.write(line, key, code, reason, cells)?),
            None => Ok(()),
        }
    }

    fn finish(mut self) -> Result<ImportReport, ImportRunError> {
        self.write()?;
        if let Some(file) = self.refused {
            self.report.refused_file = file.finish()?;
        }
        Ok(self.report)
    }
}

#[cfg(test)]
mod tests;
