//! `langnghe`: a replica on the command line.

mod app;
mod args;
mod command;
mod edge;
mod fault;
mod output;
mod pin;

use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{CommandFactory, FromArgMatches};

use app::App;
use args::Cli;

fn main() -> ExitCode {
    let matches = args::in_vietnamese(Cli::command()).try_get_matches();
    let cli = match matches.and_then(|m| Cli::from_arg_matches(&m)) {
        Ok(cli) => cli,
        Err(error) => return usage(&error),
    };
    let Cli { home, json, post, command } = cli;
    let app = App { home: home.unwrap_or_else(edge::default_home), json, post };
    match command::run(&app, command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => failed(json, &fault.line(), fault.exit_code()),
    }
}

fn failed(json: bool, line: &str, code: u8) -> ExitCode {
    eprintln!("langnghe: {line}");
    if json {
        edge::print(&format!("{}\n", serde_json::json!({ "error": line })));
    }
    ExitCode::from(code)
}

/// Help goes where it was asked for; a wrong command line gets one line.
fn usage(error: &clap::Error) -> ExitCode {
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            // The parser has this one word built in.
            edge::print(&error.render().to_string().replace("[OPTIONS]", "[TUỲ CHỌN]"));
            ExitCode::SUCCESS
        }
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            eprint!("{}", error.render());
            ExitCode::from(2)
        }
        _ => failed(std::env::args_os().any(|a| a == "--json"), &args::usage_line(error), 2),
    }
}
