//! The month's report for the command line and for HTTP: one way to ask, one way to answer.

use jiff::Timestamp;
use rusqlite::Connection;
use sync::document::petition::PetitionRecord;
use sync::document::session::SessionRecord;
use sync::document::{Document, Record};
use sync::id::{OfficeId, RecordId};
use sync::model::directory::Directory;
use sync::model::petition::Receipts;

use crate::error::ServerError;
use crate::ingest::load_receipts;
use crate::report::{By, Month, Query, Source, SourceError, monthly};
use crate::store;

/// How a report is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReportFormat {
    /// For people at a terminal.
    Table,
    /// For programs.
    Json,
    /// For spreadsheets.
    Csv,
}

impl ReportFormat {
    /// Reads the flag's word.
    pub fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "table" => Self::Table,
            "json" => Self::Json,
            "csv" => Self::Csv,
            _ => return None,
        })
    }
}

/// What is asked, read.
#[derive(Debug, Clone)]
pub struct ReportRequest {
    query: Query,
}

impl ReportRequest {
    /// Reads month (`YYYY-MM`), moment (RFC 3339; none: now) and breakdown.
    pub fn parse(
        month: &str,
        as_of: Option<&str>,
        by: Option<&str>,
        offices: Option<Vec<OfficeId>>,
        now: Timestamp,
    ) -> Result<Self, ServerError> {
        let month: Month = month
            .parse()
            .map_err(|_| ServerError::Command(format!("`{month}` is not a month; write it as 2026-11")))?;
        let as_of = match as_of {
            None => now,
            Some(text) => text.parse().map_err(|_| {
                ServerError::Command(format!("`{text}` is not a time; write it as 2026-11-30T17:00:00+07:00"))
            })?,
        };
        let by = by
            .map(|b| {
                By::parse(b).ok_or_else(|| {
                    ServerError::Command(format!("`{b}` is not a breakdown; use unit, body, category, channel or kind"))
                })
            })
            .transpose()?;
        Ok(Self { query: Query { month, as_of, offices, by } })
    }
}

/// Whole records for reports that are cut at an earlier moment.
pub struct StoredRecords<'a>(pub &'a Connection);

impl StoredRecords<'_> {
    fn whole(&self, id: RecordId) -> Result<(Record, Receipts), ServerError> {
        let row = store::record(self.0, id)?.ok_or(ServerError::Stored("record"))?;
        let record = Record::read(&Document::load(&row.snapshot)?, row.kind)?;
        Ok((record, load_receipts(self.0, &row.receipts)?))
    }
}

impl Source for StoredRecords<'_> {
    fn petition(&self, record: RecordId) -> Result<(PetitionRecord, Receipts), SourceError> {
        match self.whole(record)? {
            (Record::Petition(petition), receipts) => Ok((petition, receipts)),
            _ => Err(ServerError::Stored("petition").into()),
        }
    }

    fn session(&self, record: RecordId) -> Result<(SessionRecord, Receipts), SourceError> {
        match self.whole(record)? {
            (Record::Session(session), receipts) => Ok((session, receipts)),
            _ => Err(ServerError::Stored("session").into()),
        }
    }
}

/// Computes, reconciles and writes the report.
pub fn monthly_report(
    conn: &Connection,
    request: &ReportRequest,
    directory: &Directory,
    format: ReportFormat,
) -> Result<String, ServerError> {
    let report = monthly(conn, &request.query, directory, &StoredRecords(conn))?;
    Ok(match format {
        ReportFormat::Table => report.to_table(),
        ReportFormat::Csv => report.to_csv()?,
        ReportFormat::Json => serde_json::to_string(&report).map_err(|_| ServerError::Stored("report"))?,
    })
}
