//! `langnghe petition …`

mod data;
mod event;
mod identity;
mod log;
mod split;
mod summary;

use client_core::desk::WhoForm;
use client_core::view::{self, Page, PetitionDetail, ViewError, WhoView};
use serde::Serialize;

use crate::app::App;
use crate::args::{ListArgs, PetitionCommand, ShowArgs};
use crate::fault::Fault;
use crate::output;

pub fn run(app: &App, command: PetitionCommand) -> Result<(), Fault> {
    match command {
        PetitionCommand::Log(args) => log::run(app, args),
        PetitionCommand::List(args) => list(app, &args),
        PetitionCommand::Show(args) => show(app, &args),
        PetitionCommand::Identify(args) => identity::identify(app, args),
        PetitionCommand::Identity(args) => identity::show(app, args),
        PetitionCommand::Summary(args) => summary::run(app, args),
        PetitionCommand::Data(args) => data::run(app, &args),
        PetitionCommand::Split(args) => split::run(app, args),
        PetitionCommand::Event(command) => event::run(app, command),
    }
}

/// A petition, and who raised it where the user may know and it lies here.
#[derive(Serialize)]
struct Whole {
    #[serde(flatten)]
    petition: PetitionDetail,
    #[serde(skip_serializing_if = "Option::is_none")]
    identity: Option<WhoView>,
}

fn list(app: &App, args: &ListArgs) -> Result<(), Fault> {
    let opened = app.open()?;
    let filter = args.filter.form().read(&opened.replica, opened.now)?;
    let page = Page { limit: Some(args.limit), offset: args.offset };
    let rows = view::petitions(&opened.replica, &filter, page, opened.now)?;
    opened.say_what_is_hidden()?;
    app.show(&rows, |rows| output::petition::list(rows));
    Ok(())
}

fn show(app: &App, args: &ShowArgs) -> Result<(), Fault> {
    let mut opened = app.open()?;
    let record = opened.desk().petition(&args.id)?;
    let who = WhoForm { petition: record.to_string(), purpose: args.purpose, note: None };
    let identity = opened.desk().who(&who)?;
    let petition = view::petition(&opened.replica, record, opened.now)?;
    if let Some(path) = &args.automerge {
        let missing = || ViewError::NotHere { what: "đơn", id: record.to_string() };
        let document = opened.replica.document(record)?.ok_or_else(missing)?;
        std::fs::write(path, document.to_automerge_file())
            .map_err(|error| Fault::File { path: path.clone(), error })?;
    }
    app.show(&Whole { petition, identity }, |whole| {
        output::history::detail(&whole.petition) + &whole.identity.as_ref().map(output::who::part).unwrap_or_default()
    });
    Ok(())
}
