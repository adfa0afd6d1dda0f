//! `cargo xtask …`: the project's own tasks. One file a subcommand; the rest is what they share.

mod arrows;
mod bench;
mod demo;
mod metadata;
mod run;
mod sim;
mod test;
mod web;

use std::error::Error;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// The project's tasks.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Measures the figures of docs/performance.md.
    Bench(bench::Options),
    /// Builds all, loads the demonstration communes, serves them until Ctrl-C.
    Demo(demo::Options),
    /// Lets simulated worlds happen and tells of the first that is not as it must be.
    Sim(sim::Options),
    /// Everything CI runs: format, lints, dependency arrows, docs, build, all tests.
    Test(test::Options),
    /// Builds the app for the browser, which the server then has built in.
    Web(web::Options),
}

fn main() -> ExitCode {
    match perform(Cli::parse().task) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error}");
            ExitCode::FAILURE
        }
    }
}

fn perform(task: Task) -> Result<(), Box<dyn Error>> {
    match task {
        Task::Bench(options) => bench::bench(&options)?,
        Task::Demo(options) => demo::demo(&options)?,
        Task::Sim(options) => sim::sim(&options)?,
        Task::Test(options) => test::test(&options)?,
        Task::Web(options) => web::web(&options)?,
    }
    Ok(())
}
