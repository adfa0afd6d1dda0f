//! `langnghe refused …`: work that the server did not take, and what becomes of it.

use client_core::view;
use serde_json::json;

use crate::app::App;
use crate::args::RefusedCommand;
use crate::fault::Fault;
use crate::output;

pub fn run(app: &App, command: RefusedCommand) -> Result<(), Fault> {
    let mut opened = app.open()?;
    match command {
        RefusedCommand::List => {
            let rows = view::refused(&opened.replica)?;
            app.show(&rows, |rows| output::refused::list(rows));
        }
        RefusedCommand::Retry { id } => match opened.desk().retry(&id)?.done {
            None => app.show(&json!({ "id": id }), |_| "Sẽ gửi lại ở lần đồng bộ tới.\n".to_owned()),
            Some(done) => app.show(&done, |_| "Đã làm lại trên máy này; chưa gửi.\n".to_owned()),
        },
        RefusedCommand::Discard { id, yes: _ } => {
            app.show(&opened.desk().discard(&id)?, |_| "Đã bỏ.\n".to_owned());
        }
    }
    Ok(())
}
