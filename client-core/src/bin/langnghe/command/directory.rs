//! `langnghe directory …`

use std::path::Path;

use client_core::command::{Command, DirectoryChange};
use serde_json::{Value, json};
use sync::id::EventId;
use sync::model::directory::{plan, read_file, to_file_text};
use sync::scope::may_administer;

use crate::app::App;
use crate::args::DirectoryCommand;
use crate::edge;
use crate::fault::Fault;

/// Entries written in one change.
const CHUNK: usize = 500;

pub fn run(app: &App, command: DirectoryCommand) -> Result<(), Fault> {
    match command {
        DirectoryCommand::Apply { file } => apply(app, &file),
        DirectoryCommand::Show => show(app),
    }
}

/// What was written before a stop stays: running the same file again goes on from there.
fn apply(app: &App, path: &Path) -> Result<(), Fault> {
    let text = std::fs::read_to_string(path).map_err(|error| Fault::File { path: path.to_owned(), error })?;
    let mut opened = app.open()?;
    let wanted = read_file(&text, opened.replica.entries()).map_err(Fault::DirectoryFile)?;
    let changes = plan(opened.replica.entries(), &wanted);
    let by = opened.replica.choose_allowed(opened.wanted_post(), may_administer, opened.now)?.id;
    let now = opened.now;
    let all = changes.len();
    let changes: Vec<DirectoryChange> = changes
        .into_iter()
        .map(|(kind, entity, fields)| DirectoryChange { revision: EventId(edge::new_id(now)), kind, entity, fields })
        .collect();
    let mut done = 0;
    for chunk in changes.chunks(CHUNK) {
        let command = Command::Directory { changes: chunk.to_vec(), at: now, by: by.clone() };
        opened.replica.execute(command, now).map_err(|error| Fault::DirectoryPart {
            done,
            all,
            error: Box::new(error),
        })?;
        done += chunk.len();
    }
    app.show(&json!({ "changed": all }), |_| match all {
        0 => "Danh mục đã đúng như tệp; không có gì thay đổi.\n".to_owned(),
        _ => format!("Đã ghi {all} mục vào danh mục trên máy này; chưa gửi.\n"),
    });
    Ok(())
}

fn show(app: &App) -> Result<(), Fault> {
    let opened = app.open()?;
    let text = to_file_text(opened.replica.entries());
    // The file's text is made here: it reads back.
    let tables: Value = toml::from_str(&text).unwrap_or_default();
    app.show(&tables, |_| text);
    Ok(())
}
