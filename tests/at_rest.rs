//! A lost phone is harmless: what a replica keeps cannot be read without its key, its key not without its PIN; and nothing
//! that is wrong with either costs what was written.

#[path = "at_rest/before.rs"]
mod before;
#[path = "at_rest/key_file.rs"]
mod key_file;
#[path = "at_rest/pin.rs"]
mod pin;
mod support;
#[path = "at_rest/terminal.rs"]
mod terminal;
#[path = "at_rest/words.rs"]
mod words;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use support::{Json, Replica};

/// A PIN as people choose them.
const PIN: &str = "cửa sông 1975";

/// What the folder's files hold now.
fn bytes_of(home: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    support::files(home).into_iter().collect()
}

/// `langnghe --json …` with this PIN and this new one: what it prints, or its one line.
fn with_pins(replica: &Replica, pin: Option<&str>, new: Option<&str>, args: &[&str]) -> Result<Json, String> {
    let mut command = replica.command(args);
    for (name, value) in [("LANGNGHE_PIN", pin), ("LANGNGHE_NEW_PIN", new)] {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    let out = command.stdin(std::process::Stdio::null()).output().expect("langnghe ends");
    if out.status.success() {
        return Ok(serde_json::from_slice(&out.stdout).expect("JSON"));
    }
    let line = String::from_utf8(out.stderr).expect("UTF-8");
    assert_eq!(out.status.code(), Some(1), "{line}");
    support::assert_one_line(&line);
    support::assert_vietnamese(&line);
    Err(line)
}
