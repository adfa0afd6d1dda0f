//! `langnghe-server`: init, serve, and what an operator does beside it.

mod args;
mod audit;
mod device;
mod erase;
mod quarantine;
mod run;

use std::process::ExitCode;

use clap::Parser;
use jiff::Timestamp;

/// The clock: the only place where the server's time comes in.
#[expect(clippy::disallowed_methods, reason = "this is the edge where time comes in")]
fn now() -> Timestamp {
    Timestamp::now()
}

fn main() -> ExitCode {
    let args = args::Args::parse();
    let filter = tracing_subscriber::EnvFilter::try_from_env("LANGNGHE_LOG")
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("warn"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    // The gate catches panics of the document library on hostile bytes; their messages may quote what was in them.
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(place, "caught a panic");
    }));
    match run::run(args, now) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("langnghe-server: {error}");
            ExitCode::FAILURE
        }
    }
}
