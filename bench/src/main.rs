//! Measures what docs/performance.md says, on this machine, and prints it as a table and as JSON.

mod corpus;
mod figures;
mod link;
mod register;
mod replica;
mod scale;
mod server;
mod world;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use figures::Figures;

/// What to measure.
#[derive(Debug, Parser)]
struct Options {
    /// `sync`: the table of targets; `scale`: a province's year; `register`: the real register; none: all.
    name: Option<String>,
    /// Petitions in the corpus.
    #[arg(long, default_value_t = 10_000)]
    petitions: u64,
    /// Petitions of a province.
    #[arg(long, default_value_t = 340_000)]
    scale: u64,
    /// Where the JSON goes.
    #[arg(long, default_value = "target/bench")]
    out: PathBuf,
    /// The server's binary.
    #[arg(long, env = "LANGNGHE_SERVER_BIN", default_value = "target/release/langnghe-server")]
    server: PathBuf,
    /// The replica's binary.
    #[arg(long, env = "LANGNGHE_BIN", default_value = "target/release/langnghe")]
    langnghe: PathBuf,
}

/// Whatever goes wrong ends the run with its line: a figure that was not measured is not printed.
type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

fn main() -> ExitCode {
    let options = Options::parse();
    match measure(&options) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench: {error}");
            ExitCode::FAILURE
        }
    }
}

fn measure(options: &Options) -> Outcome<()> {
    let mut figures = Figures::default();
    let wanted = |name: &str| options.name.as_deref().is_none_or(|n| n == name);
    if !["sync", "scale", "register"].into_iter().any(wanted) {
        return Err("there is no such measurement; use sync, scale or register".into());
    }
    if wanted("sync") {
        replica::measure(options, &mut figures)?;
    }
    if wanted("scale") {
        scale::measure(options, &mut figures)?;
    }
    if wanted("register") {
        register::measure(options, &mut figures)?;
    }
    figures.print();
    figures.write(&options.out.join(format!("{}.json", options.name.as_deref().unwrap_or("all"))))
}
