//! `langnghe session …`

use client_core::desk::{ConcludeForm, DeskError, MinutesForm, MinutesWrite, SameAsForm, SessionActed, SessionForm};
use client_core::view::{self, Page};
use serde_json::json;

use crate::app::App;
use crate::args::{MinutesArgs, SessionCommand, SessionLogArgs};
use crate::edge;
use crate::fault::Fault;
use crate::output;

pub fn run(app: &App, command: SessionCommand) -> Result<(), Fault> {
    match command {
        SessionCommand::Log(args) => log(app, args),
        SessionCommand::List { limit, offset } => {
            let opened = app.open()?;
            let rows = view::sessions(&opened.replica, Page { limit: Some(limit), offset }, opened.now)?;
            opened.say_what_is_hidden()?;
            app.show(&rows, |rows| output::session::list(rows));
            Ok(())
        }
        SessionCommand::Show { id } => {
            let mut opened = app.open()?;
            let record = opened.desk().session(&id)?;
            let session = view::session(&opened.replica, record, opened.now)?;
            app.show(&session, output::session::detail);
            Ok(())
        }
        SessionCommand::Minutes { id, write } => minutes(app, id, write),
        SessionCommand::Conclude { id, text, at } => {
            let form = ConcludeForm { id: None, session: id, text: edge::text(&text)?, at };
            show(app, "Đã ghi kết luận", app.open()?.desk().conclude(&form))
        }
        SessionCommand::SameAs { id, of, at } => {
            let form = SameAsForm { id: None, session: id, of, at };
            show(app, "Đã ghi là cùng một buổi", app.open()?.desk().same_as(&form))
        }
    }
}

fn log(app: &App, args: SessionLogArgs) -> Result<(), Fault> {
    let SessionLogArgs { kind, unit, title, chair, present, at } = args;
    let form = SessionForm { id: None, kind, unit, title, chair, present, at };
    let session = app.open()?.desk().open_session(&form)?;
    app.show(&session, |session| format!("Đã mở buổi {} trên máy này; chưa gửi.\n", session.id));
    Ok(())
}

fn minutes(app: &App, id: String, write: MinutesArgs) -> Result<(), Fault> {
    let mut opened = app.open()?;
    opened.desk().session_here(&id)?;
    let (write, said) = match write {
        MinutesArgs { replace: Some(old), with, .. } => {
            let new = with.unwrap_or_default();
            let new = if new == "-" { edge::text(&new)? } else { new };
            (MinutesWrite::Replace { old, new }, "Đã sửa biên bản")
        }
        MinutesArgs { append, .. } => {
            (MinutesWrite::Append { text: edge::text(&append.unwrap_or_default())? }, "Đã ghi vào biên bản")
        }
    };
    let written = opened.desk().write_minutes(MinutesForm { id: None, session: id, write })?;
    app.show(&json!({ "id": written.id }), |_| format!("{said} trên máy này; chưa gửi.\n"));
    Ok(())
}

fn show(app: &App, said: &str, acted: Result<SessionActed, DeskError>) -> Result<(), Fault> {
    let acted = acted?;
    app.show(&json!({ "id": acted.id, "event": acted.event }), |_| format!("{said} trên máy này; chưa gửi.\n"));
    Ok(())
}
