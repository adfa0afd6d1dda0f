//! Running other programs: each is shown as one line to paste, and its failure stops the task.

use std::io;
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};

/// A program that did not do its work.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// It could not be started.
    #[error("`{line}` could not be started ({source}): is the program installed and on PATH?")]
    Start {
        /// The command as shown.
        line: String,
        /// What the system said.
        source: io::Error,
    },
    /// It ended with anything but success.
    #[error("stopped: `{line}` failed ({status}); what is wrong is said above")]
    Failed {
        /// The command as shown.
        line: String,
        /// How it ended.
        status: ExitStatus,
    },
}

/// The folder of the checkout.
pub fn root() -> &'static Path {
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    own.parent().unwrap_or(own)
}

/// Says what begins now.
pub fn heading(title: &str) {
    println!("\n=== {title} ===");
}

/// `program`, to be run in the checkout's root.
pub fn program(program: &str) -> Command {
    let mut command = Command::new(program);
    command.current_dir(root());
    // What cargo tells *this* program about itself must not reach the cargo run inside it: some build
    // scripts watch these variables, and would run again each time they differ.
    for (name, _) in std::env::vars_os() {
        if name.to_str().is_some_and(tells_of_this_crate) {
            command.env_remove(name);
        }
    }
    command
}

/// `cargo` with these arguments, to be run in the checkout's root.
pub fn cargo<const N: usize>(args: [&str; N]) -> Command {
    let mut command = program("cargo");
    command.args(args);
    command
}

/// Shows the command, runs it with this terminal's streams, and waits.
///
/// # Errors
/// [`RunError`] when it does not start or does not succeed.
pub fn run(command: &mut Command) -> Result<(), RunError> {
    println!("$ {}", shown(command));
    let status = command.status().map_err(|source| start(command, source))?;
    ended(command, status)
}

/// Runs the command unshown and gives back its standard output.
///
/// # Errors
/// [`RunError`] when it does not start or does not succeed.
pub fn read(command: &mut Command) -> Result<Vec<u8>, RunError> {
    let output = command.stderr(Stdio::inherit()).output().map_err(|source| start(command, source))?;
    ended(command, output.status)?;
    Ok(output.stdout)
}

/// Whether the command starts and succeeds; what it prints is dropped.
pub fn works(command: &mut Command) -> bool {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

fn tells_of_this_crate(name: &str) -> bool {
    ["CARGO_PKG_", "CARGO_MANIFEST_"].iter().any(|prefix| name.starts_with(prefix))
}

fn start(command: &Command, source: io::Error) -> RunError {
    let line = shown(command);
    RunError::Start { line, source }
}

fn ended(command: &Command, status: ExitStatus) -> Result<(), RunError> {
    if status.success() {
        return Ok(());
    }
    let line = shown(command);
    Err(RunError::Failed { line, status })
}

/// The command as a shell takes it, with the variables set for it in front.
fn shown(command: &Command) -> String {
    let set = command.get_envs().filter_map(|(name, value)| {
        let value = value?.to_string_lossy();
        Some(format!("{}={}", name.to_string_lossy(), quoted(&value)))
    });
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    let words = words.map(|word| quoted(&word.to_string_lossy()));
    set.chain(words).collect::<Vec<_>>().join(" ")
}

/// A word as a shell takes it.
pub fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "-_=./:,@+%".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_shown_as_a_shell_takes_it() {
        let mut command = Command::new("cargo");
        command.args(["doc", "--no-deps", "it's"]);
        command.env("RUSTDOCFLAGS", "-D warnings").env_remove("HOME");
        assert_eq!(shown(&command), r"RUSTDOCFLAGS='-D warnings' cargo doc --no-deps 'it'\''s'");
    }

    #[test]
    fn a_failure_names_the_command() {
        let error = run(Command::new("sh").args(["-c", "exit 3"])).expect_err("exit 3 is a failure");
        assert!(error.to_string().contains("`sh -c 'exit 3'` failed"), "{error}");
    }

    #[test]
    fn a_missing_program_is_named() {
        let error = run(&mut program("no-such-program")).expect_err("there is no such program");
        assert!(error.to_string().contains("`no-such-program` could not be started"), "{error}");
        assert!(!works(&mut program("no-such-program")));
    }
}
