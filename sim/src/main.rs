//! `cargo xtask sim`: lets seeds happen and tells of the first that is not as it must be.

use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use clap::Parser;
use sim::{Outcome, Planted, Template, run};

/// Lets seeds happen.
#[derive(Debug, Parser)]
struct Options {
    /// How many.
    #[arg(long, default_value_t = 1000)]
    seeds: u64,
    /// The first.
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// Threads.
    #[arg(long, default_value_t = 2)]
    threads: u64,
    /// A bug to be found: acknowledge-before-commit, drop-on-refusal, cursor-before-data.
    #[arg(long)]
    plant: Option<String>,
    /// Print every step.
    #[arg(long)]
    trace: bool,
}

fn main() -> ExitCode {
    let options = Options::parse();
    let planted = match options.plant.as_deref().map(|name| Planted::parse(name).ok_or(name)) {
        None => None,
        Some(Ok(planted)) => Some(planted),
        Some(Err(name)) => {
            eprintln!(
                "sim: there is no bug `{name}`; plant acknowledge-before-commit, drop-on-refusal or cursor-before-data"
            );
            return ExitCode::from(2);
        }
    };
    let template = Template::new();
    let next = AtomicU64::new(options.seed);
    let found = AtomicBool::new(false);
    let (commands, refused) = (AtomicU64::new(0), AtomicU64::new(0));
    let end = options.seed.saturating_add(options.seeds);
    std::thread::scope(|threads| {
        for _ in 0..options.threads.max(1) {
            threads.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::SeqCst);
                    if seed >= end || found.load(Ordering::SeqCst) {
                        break;
                    }
                    let outcome = run(&template, seed, planted);
                    commands.fetch_add(outcome.commands as u64, Ordering::SeqCst);
                    refused.fetch_add(outcome.refused as u64, Ordering::SeqCst);
                    if options.trace || outcome.violation.is_some() {
                        tell(seed, &outcome);
                    }
                    if outcome.violation.is_some() {
                        found.store(true, Ordering::SeqCst);
                    }
                }
            });
        }
    });
    let done = next.load(Ordering::SeqCst).min(end) - options.seed;
    println!("{done} seeds, {} commands, {} refused", commands.into_inner(), refused.into_inner());
    if found.into_inner() { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

fn tell(seed: u64, outcome: &Outcome) {
    println!("seed {seed}");
    outcome.trace.iter().for_each(|line| println!("  {line}"));
    match &outcome.violation {
        Some(violation) => println!("  VIOLATION: {violation}"),
        None => println!("  all is well"),
    }
}
