//! What the operator's commands do; each is one function over a data folder.

mod code;
mod init;
mod report;
mod rights;

pub use code::{CodeIssued, code_hash, issue_code};
pub use init::{Initialised, initialise};
pub use report::{ReportFormat, ReportRequest, StoredRecords, monthly_report};
pub use rights::rights_table;
