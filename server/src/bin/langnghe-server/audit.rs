//! `langnghe-server audit …`

use jiff::Timestamp;
use serde_json::json;
use server::error::ServerError;
use server::ingest::Ledger;
use server::store;
use sync::model::time::{from_millis, rfc3339};

use crate::args::{AuditCommand, Data};
use crate::run::say;

pub fn run(command: AuditCommand, json: bool) -> Result<(), ServerError> {
    match command {
        AuditCommand::List { data: Data { data }, record } => {
            let ledger = Ledger::new(store::open_read_only(&data)?)?;
            let directory = ledger.directory();
            let at = |millis| rfc3339(from_millis(millis).unwrap_or(Timestamp::UNIX_EPOCH), directory.zone());
            let lines = store::audit_lines(ledger.connection(), record)?;
            let user = |line: &store::AuditLine| {
                directory.user(&line.user).map_or_else(|| line.user.to_string(), |user| user.code.clone())
            };
            if json {
                let lines = lines.iter().map(|line| {
                    json!({
                        "line": line.line, "at": at(line.at), "device": line.device, "user": user(line),
                        "what": line.what, "record": line.record, "detail": line.detail,
                    })
                });
                return say(&serde_json::Value::from_iter(lines).to_string());
            }
            for line in &lines {
                let code = sync::code::of(line.record);
                say(&format!(
                    "{}  {}  {}  {}  {code}  {}",
                    line.line,
                    at(line.at),
                    user(line),
                    line.what,
                    line.detail
                ))?;
            }
            Ok(())
        }
        AuditCommand::Verify { data: Data { data } } => {
            let conn = store::open_read_only(&data)?;
            match store::broken_audit(&conn)? {
                (lines, None) if json => say(&json!({ "lines": lines }).to_string()),
                (lines, None) => say(&format!("Nhật ký nguyên vẹn: {lines} dòng.")),
                (_, Some(line)) => Err(ServerError::Command(format!(
                    "the audit is not what it was from line {line} on: a line was changed, taken out or put in; compare \
                     with a copy of the database"
                ))),
            }
        }
    }
}
