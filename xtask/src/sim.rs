//! `cargo xtask sim`: simulated worlds by the thousand, in release.

use clap::Args;

use crate::run::{RunError, cargo, heading, root, run};

/// Which worlds.
#[derive(Args)]
pub struct Options {
    /// How many.
    #[arg(long, default_value_t = 10_000)]
    seeds: u64,
    /// The first.
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// A bug to be found: acknowledge-before-commit, drop-on-refusal, cursor-before-data.
    #[arg(long)]
    plant: Option<String>,
    /// Print every step.
    #[arg(long)]
    trace: bool,
}

/// Lets them happen; stops at the first that is not as it must be, and tells it step by step.
pub fn sim(options: &Options) -> Result<(), RunError> {
    heading("simulate");
    let mut command = cargo(["run", "--release", "--quiet", "-p", "sim", "--"]);
    command.arg("--seeds").arg(options.seeds.to_string()).arg("--seed").arg(options.seed.to_string());
    if let Some(plant) = &options.plant {
        command.arg("--plant").arg(plant);
    }
    if options.trace {
        command.arg("--trace");
    }
    run(command.current_dir(root()))
}
