//! `cargo xtask bench [name]`: builds release binaries and runs the `bench` room on them.

use clap::Args;

use crate::run::{RunError, cargo, heading, root, run};

/// What to measure.
#[derive(Args)]
pub struct Options {
    /// `sync`: the table of targets; `scale`: a province's year; `register`: the real register; none: all.
    name: Option<String>,
    /// Petitions in the corpus.
    #[arg(long, default_value_t = 10_000)]
    petitions: u64,
    /// Petitions of a province.
    #[arg(long, default_value_t = 340_000)]
    scale: u64,
}

/// Prints a table, and writes JSON below `target/bench`.
pub fn bench(options: &Options) -> Result<(), RunError> {
    heading("build (release)");
    run(&mut cargo(["build", "--release", "-p", "client-core", "-p", "server", "-p", "bench", "--bins"]))?;
    heading("measure");
    let mut measure = cargo(["run", "--release", "--quiet", "-p", "bench", "--"]);
    measure.args(&options.name).arg("--petitions").arg(options.petitions.to_string());
    measure.arg("--scale").arg(options.scale.to_string());
    run(measure.current_dir(root()))
}
