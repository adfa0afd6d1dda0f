//! What builds Rust and C for the browser: `xtask/wasm-toolchain.sh` fetches it once into the user's cache.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::Command;

use super::WebError;
use crate::run;

/// Variables that point cargo and the C compiler's driver to the tools.
pub struct Toolchain(BTreeMap<String, String>);

impl Toolchain {
    /// Sets them for a program.
    pub fn give(&self, command: &mut Command) {
        command.envs(&self.0);
    }

    /// A tool's place.
    pub fn tool(&self, variable: &str) -> Result<PathBuf, WebError> {
        self.0.get(variable).map(PathBuf::from).ok_or_else(|| WebError::Missing(variable.to_owned()))
    }
}

/// Fetches what is missing.
pub fn ready() -> Result<Toolchain, WebError> {
    let printed = run::read(&mut run::program("xtask/wasm-toolchain.sh"))?;
    let file = PathBuf::from(String::from_utf8_lossy(&printed).trim());
    let text = std::fs::read_to_string(&file).map_err(WebError::file(&file))?;
    let variables = text.lines().filter_map(|line| line.split_once('='));
    Ok(Toolchain(variables.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()))
}
