//! Node.js and the packages of the pages.

use std::ffi::OsStr;
use std::fs;

use super::WebError;
use crate::run::{self, root};

/// Whether npm is there.
pub fn is_here() -> bool {
    run::works(run::program("npm").arg("--version"))
}

/// Installs the packages as the lock file has them, unless that was done.
pub fn ready() -> Result<(), WebError> {
    if !is_here() {
        return Err(WebError::Missing(
            "npm: install Node.js 20.19 or newer with npm (nodejs.org, or your system's packages)".to_owned(),
        ));
    }
    // npm writes a lock of its own when it has installed: older than the project's, something has changed.
    let lock = root().join("web/package-lock.json");
    let installed = root().join("web/node_modules/.package-lock.json");
    let written = |path| fs::metadata(path).and_then(|found| found.modified()).ok();
    if written(&installed).is_some_and(|installed| written(&lock).is_some_and(|lock| installed >= lock)) {
        return Ok(());
    }
    npm(["ci"])
}

/// Runs npm in the pages' folder.
pub fn npm<const N: usize>(arguments: [impl AsRef<OsStr>; N]) -> Result<(), WebError> {
    let mut npm = run::program("npm");
    npm.current_dir(root().join("web")).args(arguments);
    Ok(run::run(&mut npm)?)
}
