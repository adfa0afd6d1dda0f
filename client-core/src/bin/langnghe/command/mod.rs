//! One file for each group of commands.

mod ask;
mod bundle;
mod device;
mod directory;
mod enroll;
mod export;
mod import;
mod petition;
mod pin;
mod refused;
mod report;
mod sealed;
mod session;
mod status;
mod synchronise;

use ask::ask_the_server;

use crate::app::App;
use crate::args::{Command, ReportCommand};
use crate::fault::Fault;

/// Does what was typed.
pub fn run(app: &App, command: Command) -> Result<(), Fault> {
    match command {
        Command::Enroll { url, code } => enroll::run(app, &url, &code),
        Command::Sync => synchronise::run(app),
        Command::Status => status::run(app),
        Command::Session(command) => session::run(app, command),
        Command::Petition(command) => petition::run(app, command),
        Command::Sealed(command) => sealed::run(app, command),
        Command::Refused(command) => refused::run(app, command),
        Command::Import(args) => import::run(app, args),
        Command::Export(command) => export::run(app, command),
        Command::Bundle(command) => bundle::run(app, command),
        Command::Pin(command) => pin::run(app, command),
        Command::Directory(command) => directory::run(app, command),
        Command::Device(command) => device::run(app, command),
        Command::Report(ReportCommand::Monthly(args)) => report::run(app, &args),
    }
}
