//! `cargo xtask test`: everything CI runs, cheapest first; the first failing step ends it.

use std::env::{self, consts::EXE_SUFFIX};
use std::path::PathBuf;
use std::process::Command;

use crate::arrows::{self, Breach};
use crate::metadata::{Metadata, MetadataError};
use crate::run::{self, RunError, cargo, heading};
use crate::web::{self, WebError};

/// How thorough to be.
#[derive(clap::Args)]
pub struct Options {
    /// Leave out the build of the documentation
    #[arg(long)]
    fast: bool,
}

/// Why the suite did not pass.
#[derive(Debug, thiserror::Error)]
pub enum TestError {
    /// A step's program failed.
    #[error(transparent)]
    Run(#[from] RunError),
    /// There is no app.
    #[error(transparent)]
    Web(#[from] WebError),
    /// The workspace could not be read.
    #[error(transparent)]
    Metadata(#[from] MetadataError),
    /// The house is not built to its plan.
    #[error("stopped: forbidden dependencies (the plan is in docs/architecture.md){}", lines(.0))]
    Arrows(Vec<Breach>),
    /// CI must not pass by leaving tests out.
    #[error("stopped: no register at {}; with CI=true its tests may not be skipped: put it there or name it in {REGISTER}", .0.display())]
    NoRegister(PathBuf),
}

/// Names the real register that the import and report tests count.
const REGISTER: &str = "LANGNGHE_REGISTER";
/// Where the register lies, from the checkout's root, when the variable does not say.
const REGISTER_BESIDE: &str = "../shared/data/constituent-casework-2023.csv";

/// Runs all steps in order. The last lines printed are the test runner's own summary.
///
/// # Errors
/// [`TestError`] of the first step that fails.
pub fn test(options: &Options) -> Result<(), TestError> {
    heading("C compiler, make, perl");
    run::run(run::program("sh").args(["xtask/cc.sh", "--version"]))?;

    heading("Format");
    run::run(&mut cargo(["fmt", "--all", "--check"]))?;

    heading("Lints");
    run::run(&mut cargo(["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]))?;

    heading("The replica as a browser has it");
    run::run(&mut cargo(["check", "--package", "client-core", "--lib", "--no-default-features", "--features", "ts"]))?;

    heading("Dependency arrows");
    let metadata = Metadata::read()?;
    let breaches = arrows::breaches(&metadata);
    if !breaches.is_empty() {
        return Err(TestError::Arrows(breaches));
    }
    println!("as planned");

    if !options.fast {
        heading("Documentation");
        run::run(cargo(["doc", "--workspace", "--no-deps"]).env("RUSTDOCFLAGS", "-D warnings"))?;
    }

    // The server has the app built in, so it comes first.
    web::web(&web::Options { check: true })?;
    web::browser::ready()?;

    // Tests and the binaries they start in one build: built apart, shared crates would be compiled twice,
    // as cargo chooses their features by what is built together.
    heading("Build");
    run::run(&mut cargo(["build", "--workspace", "--all-targets"]))?;

    heading("Tests in the documentation");
    run::run(&mut cargo(["test", "--workspace", "--doc"]))?;

    heading("Tests");
    let register = register()?;
    let built = metadata.target_directory.join("debug");
    let mut tests = runner();
    tests.env("LANGNGHE_BIN", built.join(format!("langnghe{EXE_SUFFIX}")));
    tests.env("LANGNGHE_SERVER_BIN", built.join(format!("langnghe-server{EXE_SUFFIX}")));
    if let Some(register) = register {
        tests.env(REGISTER, register);
    }
    Ok(run::run(&mut tests)?)
}

/// nextest where it is installed, else cargo's own runner. Both go on after a failing test, so that one run
/// shows all of them.
fn runner() -> Command {
    if run::works(&mut cargo(["nextest", "--version"])) {
        return cargo(["nextest", "run", "--workspace", "--no-fail-fast"]);
    }
    // Documentation tests ran already; without these flags they would run again, and last.
    cargo(["test", "--workspace", "--no-fail-fast", "--lib", "--bins", "--tests"])
}

/// The register's place, if it is there. Its absence is said here, as a runner hides what a passing test prints.
fn register() -> Result<Option<PathBuf>, TestError> {
    let named = env::var_os(REGISTER).filter(|name| !name.is_empty());
    let place = named.map_or_else(|| run::root().join(REGISTER_BESIDE), PathBuf::from);
    if let Ok(found) = place.canonicalize() {
        return Ok(Some(found));
    }
    if env::var("CI").is_ok_and(|ci| ci == "true") {
        return Err(TestError::NoRegister(place));
    }
    println!("no register at {}: tests that count it are skipped (name one in {REGISTER})", place.display());
    Ok(None)
}

fn lines(breaches: &[Breach]) -> String {
    breaches.iter().map(|breach| format!("\n  {breach}")).collect()
}
