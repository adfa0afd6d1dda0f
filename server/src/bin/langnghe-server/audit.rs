//! `audit …`: what must be answered for, and whether it is what it was.

use std::path::Path;
use std::process::ExitCode;

use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::{Value, json};
use server::audit::{Lost, Verdict, Wrong, verify};
use server::error::ServerError;
use server::ingest::Ledger;
use server::store::{self, AuditLine, AuditWhat, NO_DEVICE, NO_RECORD};
use sync::model::directory::Directory;
use sync::model::time::{from_millis, midnight, rfc3339};

use crate::args::{AuditCommand, AuditFilter, Data};
use crate::run::say;

pub fn run(command: AuditCommand, json: bool) -> Result<ExitCode, ServerError> {
    match command {
        AuditCommand::List { data: Data { data }, filter } => list(&data, &filter, json).map(|()| ExitCode::SUCCESS),
        AuditCommand::Verify { data: Data { data } } => check(&data, json),
    }
}

fn list(data: &Path, filter: &AuditFilter, json: bool) -> Result<(), ServerError> {
    let ledger = Ledger::new(store::open_read_only(data)?)?;
    let directory = ledger.directory();
    let wanted = Wanted::of(filter, &directory)?;
    let mut lines = Vec::new();
    store::each_audit_line(ledger.connection(), |kept| {
        if wanted.is(&kept.line) {
            lines.push(kept.line);
        }
    })?;
    let user =
        |line: &AuditLine| directory.user(&line.user).map_or_else(|| line.user.to_string(), |user| user.code.clone());
    if json {
        let lines = lines.iter().map(|line| {
            json!({
                "line": line.line, "at": time(line.at, &directory), "what": line.what, "detail": line.detail,
                "device": (line.device != NO_DEVICE).then_some(line.device),
                "user": (!line.user.0.is_empty()).then(|| user(line)),
                "record": (line.record != NO_RECORD).then_some(line.record),
            })
        });
        return say(&Value::from_iter(lines).to_string());
    }
    for line in &lines {
        let code = if line.record == NO_RECORD { "-".to_owned() } else { sync::code::of(line.record).to_string() };
        let who = if line.user.0.is_empty() { "-".to_owned() } else { user(line) };
        let AuditLine { line, at, what, detail, .. } = line;
        say(&format!("{line}  {}  {who}  {what}  {code}  {detail}", time(*at, &directory)))?;
    }
    Ok(())
}

fn time(millis: i64, directory: &Directory) -> String {
    rfc3339(from_millis(millis).unwrap_or(Timestamp::UNIX_EPOCH), directory.zone())
}

/// Which lines are shown.
struct Wanted<'a> {
    filter: &'a AuditFilter,
    /// The user's id, where the directory knows the code.
    user: Option<&'a str>,
    since: Option<i64>,
}

impl<'a> Wanted<'a> {
    fn of(filter: &'a AuditFilter, directory: &'a Directory) -> Result<Self, ServerError> {
        let code = filter.user.as_deref();
        let user = code.map(|code| directory.user_by_code(code).map_or(code, |user| user.id.as_str()));
        if let Some(what) = &filter.what
            && !AuditWhat::ALL.iter().any(|known| known.as_str() == what)
        {
            let mut known: Vec<&str> = AuditWhat::ALL.iter().map(|what| what.as_str()).collect();
            known.dedup();
            let known = known.join(", ");
            return Err(ServerError::Command(format!("`{what}` is not written down; what is: {known}")));
        }
        let since = filter.since.as_deref().map(|typed| {
            let day = typed.parse::<Date>().map(|day| midnight(day, directory.zone()));
            let since = typed.parse::<Timestamp>().or(day);
            since.map(Timestamp::as_millisecond).map_err(|_| {
                ServerError::Command(format!("`{typed}` is no day; write it as 2026-11-23, or as an RFC 3339 time"))
            })
        });
        Ok(Self { filter, user, since: since.transpose()? })
    }

    fn is(&self, line: &AuditLine) -> bool {
        self.filter.record.is_none_or(|record| record == line.record)
            && self.user.is_none_or(|user| user == line.user.as_str())
            && self.filter.what.as_ref().is_none_or(|what| *what == line.what)
            && self.since.is_none_or(|since| since <= line.at)
    }
}

fn check(data: &Path, json: bool) -> Result<ExitCode, ServerError> {
    let ledger = Ledger::new(store::open_read_only(data)?)?;
    let directory = ledger.directory();
    let at = |millis| time(millis, &directory);
    let Verdict { lines, begun, confirmed, lost, wrong } = verify(data, ledger.connection())?;
    let unconfirmed = lines - confirmed.map_or(0, |c| c.line.min(lines));
    if json {
        let lost = lost.iter().map(|l| json!({ "from": l.from, "to": l.to, "served_at": l.at.map(at) }));
        let mut said = json!({
            "lines": lines, "unconfirmed": unconfirmed, "lost": Value::from_iter(lost),
            "begun": begun.map(|c| json!({ "line": c.line, "at": at(c.at) })),
            "confirmed": confirmed.map(|c| json!({ "line": c.line, "at": at(c.at) })),
        });
        if !wrong.is_empty() {
            let wrong = wrong.iter().map(|w| json!({ "line": w.line(), "why": why(w, &at) }));
            said["wrong"] = Value::from_iter(wrong);
        }
        say(&said.to_string())?;
    }
    if let Some(first) = wrong.first() {
        let others = match wrong.len() - 1 {
            0 => String::new(),
            more => format!(" ({more} more: --json)"),
        };
        eprintln!(
            "langnghe-server: the audit is not what it was from line {} on: {}{others}; compare with a copy of the database",
            first.line(),
            why(first, &at)
        );
    }
    if !json {
        for Lost { from, to, at: served } in &lost {
            say(&match served {
                Some(served) => format!(
                    "Dòng {from}–{to} đã mất khi đưa bản sao của cơ sở dữ liệu vào thay (máy chủ chạy với bản sao từ {}); số \
                     dòng được dùng tiếp từ {from}.",
                    at(*served)
                ),
                None => format!(
                    "Dòng {from}–{to} không có trong cơ sở dữ liệu này: đây là bản sao cũ hơn, máy chủ chưa chạy với nó."
                ),
            })?;
        }
        if let Some(begun) = begun.filter(|begun| begun.line > 0) {
            say(&format!(
                "Dòng 1–{} có trước khi tệp journal/audit được lập ({}): chỉ chuỗi mã của chúng làm chứng.",
                begun.line,
                at(begun.at)
            ))?;
        }
    }
    if !wrong.is_empty() {
        return Ok(ExitCode::FAILURE);
    }
    if !json {
        let rest = match unconfirmed {
            0 => String::new(),
            some => format!(" {some} dòng cuối chưa được xác nhận."),
        };
        say(&format!("Nhật ký nguyên vẹn: {lines} dòng.{rest}"))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// What is wrong, in words that follow a colon.
fn why(wrong: &Wrong, at: &impl Fn(i64) -> String) -> String {
    let lines = |from: i64, to: i64| match from == to {
        true => format!("line {from}"),
        false => format!("lines {from} to {to}"),
    };
    match *wrong {
        Wrong::Altered { line } => format!("line {line} does not follow the one before it: changed, put in or moved"),
        Wrong::Missing { from, to } => format!("{} taken out", lines(from, to)),
        Wrong::NotConfirmed { from, to, at: when } => format!(
            "of {}, confirmed {}, some were changed, put in, taken out or moved, and the chain computed anew",
            lines(from, to),
            at(when)
        ),
        Wrong::Cut { from, to } => format!("{} cut off the end", lines(from, to)),
        Wrong::Replaced { from, to, at: when } => format!(
            "{} changed or cut off; the server found it {}, in a database that had not been put back from a copy",
            lines(from, to),
            at(when)
        ),
        Wrong::Checkpoint { number, line } => format!(
            "line {number} of journal/audit is not the server's, or the one before it was taken out, so nothing after \
             line {line} is confirmed"
        ),
        Wrong::NoCheckpoints => {
            "journal/audit is missing or empty, so nothing is confirmed; put it back from its copy".to_owned()
        }
    }
}
