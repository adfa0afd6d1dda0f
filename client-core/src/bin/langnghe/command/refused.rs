//! `langnghe refused …`: work that the server did not take, and what becomes of it.

use client_core::view;
use serde_json::json;

use crate::app::App;
use crate::args::RefusedCommand;
use crate::fault::Fault;
use crate::output;

pub fn run(app: &App, command: RefusedCommand) -> Result<(), Fault> {
    let mut desk = app.open()?;
    match command {
        RefusedCommand::List => {
            let rows = view::refused(&desk.replica)?;
            app.show(&rows, |rows| output::refused::list(rows));
        }
        RefusedCommand::Retry { id } => {
            if let Some(found) = desk.replica.retry_person(&id)? {
                if !found {
                    return Err(Fault::NoRefused(id));
                }
                app.show(&json!({ "id": id }), |_| "Sẽ gửi lại ở lần đồng bộ tới.\n".to_owned());
                return Ok(());
            }
            let done = desk.replica.retry(number(&id)?, desk.now)?.ok_or(Fault::NoRefused(id))?;
            app.show(&done, |_| "Đã làm lại trên máy này; chưa gửi.\n".to_owned());
        }
        RefusedCommand::Discard { id, yes: _ } => {
            let discarded = match desk.replica.discard_person(&id)? {
                Some(found) => found,
                None => desk.replica.discard(number(&id)?)?,
            };
            if !discarded {
                return Err(Fault::NoRefused(id));
            }
            app.show(&json!({ "discarded": id }), |_| "Đã bỏ.\n".to_owned());
        }
    }
    Ok(())
}

fn number(id: &str) -> Result<i64, Fault> {
    id.trim().parse().map_err(|_| Fault::NoRefused(id.to_owned()))
}
