//! `langnghe session …`

use client_core::command::{Command, CommandError};
use client_core::view::{self, Page, code};
use serde_json::json;
use sync::id::{EventId, PostId, RecordId};
use sync::model::session::{SessionAction, SessionFacts};
use sync::scope::may_session;

use crate::app::{App, Desk};
use crate::args::{MinutesArgs, SessionCommand, SessionLogArgs};
use crate::edge;
use crate::fault::Fault;
use crate::output;

pub fn run(app: &App, command: SessionCommand) -> Result<(), Fault> {
    match command {
        SessionCommand::Log(args) => log(app, args),
        SessionCommand::List { limit, offset } => {
            let desk = app.open()?;
            let rows = view::sessions(&desk.replica, Page { limit: Some(limit), offset }, desk.now)?;
            desk.say_what_is_hidden()?;
            app.show(&rows, |rows| output::session::list(rows));
            Ok(())
        }
        SessionCommand::Show { id } => {
            let desk = app.open()?;
            let session = view::session(&desk.replica, desk.session(&id)?, desk.now)?;
            app.show(&session, output::session::detail);
            Ok(())
        }
        SessionCommand::Minutes { id, write } => minutes(app, &id, write),
        SessionCommand::Conclude { id, text, at } => {
            let text = edge::text(&text)?;
            event(app, &id, at.as_ref(), "Đã ghi kết luận", |_| Ok(SessionAction::Conclude { text }))
        }
        SessionCommand::SameAs { id, of, at } => {
            event(app, &id, at.as_ref(), "Đã ghi là cùng một buổi", |desk| {
                Ok(SessionAction::SameAs { of: here(desk, &of)? })
            })
        }
    }
}

/// A session that is on this device.
fn here(desk: &Desk, id: &str) -> Result<RecordId, Fault> {
    let record = desk.session(id)?;
    view::session(&desk.replica, record, desk.now)?;
    Ok(record)
}

fn post_for(app: &App, desk: &Desk, unit: &sync::id::UnitId) -> Result<PostId, Fault> {
    let directory = desk.replica.directory();
    let today = desk.day(desk.now);
    let may = |post: &sync::model::directory::Post| may_session(post, unit, directory, today);
    Ok(desk.replica.choose_allowed(app.wanted_post(), may, desk.now)?.id)
}

fn log(app: &App, args: SessionLogArgs) -> Result<(), Fault> {
    let mut desk = app.open()?;
    let at = desk.at(args.at.as_ref())?;
    let day = desk.day(at);
    let unit = code::unit(desk.replica.directory(), &args.unit, day)?;
    let chair = args.chair.map(|c| desk.post_by_code(&c, day)).transpose()?;
    let by = post_for(app, &desk, &unit)?;
    let record = RecordId(desk.new_id());
    let title = args.title.map(|t| t.trim().to_owned()).filter(|t| !t.is_empty());
    let facts = SessionFacts { kind: args.kind, unit, at, stamped: None, title, chair, present: args.present, by };
    desk.replica.execute(Command::OpenSession { record, facts }, desk.now)?;
    app.show(&json!({ "id": record }), |_| format!("Đã mở buổi {record} trên máy này; chưa gửi.\n"));
    Ok(())
}

fn minutes(app: &App, id: &str, write: MinutesArgs) -> Result<(), Fault> {
    let mut desk = app.open()?;
    let record = here(&desk, id)?;
    let name = EventId(desk.new_id());
    let (command, said) = match write {
        MinutesArgs { replace: Some(old), with, .. } => {
            // As typed, spaces and all: they part it from what stands around it.
            let new = with.unwrap_or_default();
            let new = if new == "-" { edge::text(&new)? } else { new };
            let seen = desk.replica.minutes(record)?.ok_or(CommandError::NoRecord(record))?;
            (seen.replaced(&old, &new, name)?, "Đã sửa biên bản")
        }
        MinutesArgs { append, .. } => {
            let text = edge::text(&append.unwrap_or_default())?;
            (Command::AppendMinutes { record, text, paragraph: Some(name) }, "Đã ghi vào biên bản")
        }
    };
    desk.replica.execute(command, desk.now)?;
    app.show(&json!({ "id": record }), |_| format!("{said} trên máy này; chưa gửi.\n"));
    Ok(())
}

fn event(
    app: &App,
    id: &str,
    at: Option<&String>,
    said: &str,
    action: impl FnOnce(&Desk) -> Result<SessionAction, Fault>,
) -> Result<(), Fault> {
    let mut desk = app.open()?;
    let record = desk.session(id)?;
    let session = view::session(&desk.replica, record, desk.now)?;
    let at = desk.at(at)?;
    let by = post_for(app, &desk, &session.row.unit_id)?;
    let action = action(&desk)?;
    let event = EventId(desk.new_id());
    let command = Command::SessionEvent { record, event, action, at, by, stamped: None };
    desk.replica.execute(command, desk.now)?;
    app.show(&json!({ "id": record, "event": event }), |_| format!("{said} trên máy này; chưa gửi.\n"));
    Ok(())
}
