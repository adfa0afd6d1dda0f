//! Carrying out a command.

use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use jiff::Timestamp;
use serde_json::json;
use server::admin::{
    ReportFormat, ReportRequest, Rotated, answer_bundle, initialise, issue_code, monthly_report, rights_table,
    rotate_tenant_key,
};
use server::audit::confirm_or_warn;
use server::error::ServerError;
use server::ingest::{Ledger, rebuild, verify};
use server::keys::system;
use server::projection;
use server::store::{self, DataLock};
use sync::model::directory::Role;

use crate::args::{Args, BundleCommand, Command, Data, KeyCommand, ReportCommand};
use crate::audit;
use crate::device;
use crate::erase;
use crate::quarantine;

pub fn run(args: Args, now: fn() -> Timestamp) -> Result<ExitCode, ServerError> {
    let json = args.json;
    match args.command {
        Command::Init { data: Data { data }, tenant, directory } => {
            let text = match &directory {
                Some(path) => Some(std::fs::read_to_string(path).map_err(|e| ServerError::file(path, e))?),
                None => None,
            };
            let made = initialise(&data, &tenant, text.as_deref(), now())?;
            if json {
                let code = &made.code;
                let made = json!({
                    "tenant": made.tenant, "user": code.user, "code": code.code, "expires_at": code.expires_at,
                    "recovery_key": made.recovery_key,
                });
                say(&made.to_string())?;
            } else {
                say(&format!(
                    "Đã tạo cơ sở dữ liệu tại {}.\nMã đăng ký thiết bị của {}: {}\nHiệu lực đến: {}\n\nKhoá phục hồi, chỉ in \
                     một lần này; hãy chép ra giấy và cất ở nơi an toàn, không lưu trên máy:\n{}\nDùng để đọc danh tính \
                     trong đơn giữ kín khi không còn người xử lý, và việc chưa gửi của thiết bị bị thu hồi.",
                    data.display(),
                    made.code.user,
                    made.code.code,
                    made.code.expires_at,
                    made.recovery_key
                ))?;
            }
        }
        Command::Serve { data: Data { data }, listen } => {
            let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
            let runtime = runtime.map_err(|e| ServerError::Command(format!("the server cannot start: {e}")))?;
            let listening = |address| {
                // Scripts wait for this line; if nobody reads it the server still serves.
                let _ = say(&format!("listening on http://{address}"));
            };
            runtime.block_on(server::http::serve(&data, listen, now, listening))?;
        }
        Command::Code { data: Data { data }, user } => {
            let now = now();
            let mut ledger = Ledger::to_operate(&data, now, &mut system)?;
            let code = issue_code(&mut ledger, &user, now)?;
            confirm_or_warn(&data, ledger.connection(), now);
            if json {
                say(&json!(code).to_string())?;
            } else {
                say(&format!(
                    "Mã đăng ký thiết bị của {}: {}\nHiệu lực đến: {}",
                    code.user, code.code, code.expires_at
                ))?;
            }
        }
        Command::Device(command) => device::run(command, json, now())?,
        Command::Audit(command) => return audit::run(command, json),
        Command::Erase { data: Data { data }, identity, text, with_history } => {
            erase::run(&data, identity, text, with_history, json, now())?;
        }
        Command::Key(KeyCommand::Rotate { data: Data { data } }) => {
            let Rotated { locked, unknown } = rotate_tenant_key(&data, now(), &mut system)?;
            if json {
                say(&json!({ "locked": locked, "unknown": unknown }).to_string())?;
            } else {
                say(&format!(
                    "Đã thay khoá: {locked} danh tính được khoá lại, {unknown} không khoá nào ở đây mở được.\nHãy sao tệp \
                     keys/tenant.key sang nơi cất riêng, xa bản sao cơ sở dữ liệu."
                ))?;
            }
        }
        Command::Report(ReportCommand::Monthly { data: Data { data }, month, as_of, by, format, out }) => {
            let format = if json { "json" } else { &format };
            let format = ReportFormat::parse(format).ok_or_else(|| {
                ServerError::Command(format!("`{format}` is not a format of reports; use table, json or csv"))
            })?;
            let request = ReportRequest::parse(&month, as_of.as_deref(), by.as_deref(), None, now())?;
            let ledger = Ledger::new(store::open_read_only(&data)?)?;
            let text = monthly_report(ledger.connection(), &request, &ledger.directory(), format)?;
            match out {
                Some(path) => std::fs::write(&path, text).map_err(|e| ServerError::file(&path, e))?,
                None => say(text.trim_end())?,
            }
        }
        Command::Rights { role } => rights(role.as_deref(), json)?,
        Command::Rebuild { data: Data { data } } => {
            let _lock = DataLock::take(&data)?;
            let mut ledger = Ledger::new(store::open(&data)?)?;
            let directory = ledger.directory();
            let before = projection::digest(ledger.connection())?;
            let records = ledger.write(|tx| rebuild(tx, &directory))?;
            let after = projection::digest(ledger.connection())?;
            if json {
                say(
                    &json!({"records": records, "before": before, "after": after, "same": before == after}).to_string()
                )?;
            } else {
                let same = if before == after { "giống hệt trước đó" } else { "khác trước đó" };
                say(&format!("Đã dựng lại {records} hồ sơ; số liệu {same} ({}).", &after[..12.min(after.len())]))?;
            }
        }
        Command::Bundle(BundleCommand::Exchange { data: Data { data }, request, reply }) => {
            let answered = answer_bundle(&data, &request, &reply, now())?;
            if json {
                say(&json!({"device": answered.device, "reply": reply, "bytes": answered.bytes}).to_string())?;
            } else {
                say(&format!("Đã trả lời thiết bị {}: {}.", answered.device, reply.display()))?;
            }
        }
        Command::Quarantine(command) => quarantine::run(command, json, now())?,
        Command::Verify { data: Data { data } } => return check(&data, json),
    }
    Ok(ExitCode::SUCCESS)
}

fn check(data: &Path, json: bool) -> Result<ExitCode, ServerError> {
    let conn = store::open_read_only(data)?;
    let found = verify(&conn)?;
    if json {
        say(&json!({"records": found.records, "changes": found.changes, "wrong": found.wrong}).to_string())?;
    } else {
        say(&format!("{} hồ sơ, {} thay đổi; {} hồ sơ sai.", found.records, found.changes, found.wrong.len()))?;
    }
    if found.wrong.is_empty() {
        return Ok(ExitCode::SUCCESS);
    }
    eprintln!(
        "langnghe-server: {} records do not read as their changes say (first: {}); run `langnghe-server rebuild`",
        found.wrong.len(),
        found.wrong[0]
    );
    Ok(ExitCode::FAILURE)
}

fn rights(role: Option<&str>, json: bool) -> Result<(), ServerError> {
    let role = role
        .map(|r| {
            let known: Vec<&str> = Role::ALL.iter().map(|r| r.as_str()).collect();
            Role::parse(r)
                .ok_or_else(|| ServerError::Command(format!("there is no role `{r}`; roles are {}", known.join(", "))))
        })
        .transpose()?;
    let table = rights_table(role);
    if json {
        let rows: Vec<_> = table.iter().map(|(r, s, c)| json!({"role": r, "may": s, "condition": c})).collect();
        return say(&json!(rows).to_string());
    }
    for (role, subject, condition) in table {
        say(&format!("{role:<16} {subject:<14} {condition}"))?;
    }
    Ok(())
}

/// Writes a line to standard output; a closed pipe ends the program quietly.
pub fn say(line: &str) -> Result<(), ServerError> {
    let mut out = std::io::stdout().lock();
    match writeln!(out, "{line}").and_then(|()| out.flush()) {
        Err(e) if e.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(ServerError::Command(format!("cannot write to standard output: {e}")))
        }
        _ => Ok(()),
    }
}
