//! The two programs, asked as a person would ask them.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

use super::error::DemoError;
use crate::run;

/// Where they were built.
pub struct Programs {
    folder: PathBuf,
}

impl Programs {
    /// In this folder.
    pub fn in_folder(folder: &Path) -> Self {
        Self { folder: folder.to_owned() }
    }

    /// Their folder, for a PATH.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// `langnghe-server …`, answering in JSON.
    pub fn server<const N: usize>(&self, args: [&str; N]) -> Command {
        let mut command = self.program("langnghe-server");
        command.arg("--json").args(args);
        command
    }

    /// `langnghe --home … …`, answering in JSON.
    pub fn replica<const N: usize>(&self, home: &Path, args: [&str; N]) -> Command {
        let mut command = self.program("langnghe");
        command.arg("--json").arg("--home").arg(home).args(args);
        command
    }

    fn program(&self, name: &str) -> Command {
        let path = self.folder.join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
        let mut command = run::program(&path.to_string_lossy());
        // What the terminal is set up for is not the demo's.
        for name in ["LANGNGHE_HOME", "LANGNGHE_DATA", "LANGNGHE_PIN"] {
            command.env_remove(name);
        }
        command
    }
}

/// Runs it and reads its one JSON value.
pub fn answer(command: &mut Command) -> Result<Value, DemoError> {
    let line = first_words(command);
    let failed = |said: String| DemoError::Program { line: line.clone(), said };
    let output = command.stdin(Stdio::null()).output().map_err(|error| failed(error.to_string()))?;
    if !output.status.success() {
        return Err(failed(String::from_utf8_lossy(&output.stderr).trim().to_owned()));
    }
    serde_json::from_slice(&output.stdout).map_err(|error| failed(format!("its answer is not JSON ({error})")))
}

/// A text of an answer.
pub fn text(answer: &Value, key: &str) -> String {
    answer[key].as_str().unwrap_or_default().to_owned()
}

/// The program and what it was asked for, without anybody's words.
fn first_words(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_name().unwrap_or_default().to_string_lossy().into_owned();
    let args = command.get_args().map(|arg| arg.to_string_lossy().into_owned()).filter(|arg| arg != "--json");
    std::iter::once(program).chain(args.take(4)).collect::<Vec<_>>().join(" ")
}
