//! What the operator's commands do; each is one function over a data folder.

mod bundle;
mod code;
mod device;
mod init;
mod report;
mod rights;
mod rotate;

pub use bundle::{BundleAnswered, answer_bundle};
pub use code::{CodeIssued, code_hash, issue_code};
pub use device::{Decision, DeviceRow, DeviceState, device_rows};
pub use init::{Initialised, initialise, initialise_by};
pub use report::{ReportFormat, ReportRequest, StoredRecords, monthly_report};
pub use rights::rights_table;
pub use rotate::{Rotated, rotate_tenant_key};
