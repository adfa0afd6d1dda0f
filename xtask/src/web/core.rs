//! The core: its types for the pages' scripts, and its WASM.

use std::fs;
use std::path::Path;

use super::WebError;
use super::toolchain::Toolchain;
use crate::metadata::Metadata;
use crate::run::{self, cargo, root};

const TARGET: &str = "wasm32-unknown-unknown";
const PROFILE: &str = "web";
/// Where the pages' scripts find it.
const PACKAGE: &str = "web/core/pkg";
const TYPES: &str = "web/src/core/generated/api.ts";

/// Writes the types of everything that is asked of the core, as the core has them.
pub fn types() -> Result<(), WebError> {
    let mut generate =
        cargo(["run", "--quiet", "--package", "client-core", "--features", "cli,ts", "--example", "typescript"]);
    let text = run::read(&mut generate)?;
    let file = root().join(TYPES);
    if fs::read(&file).is_ok_and(|before| before == text) {
        return Ok(());
    }
    let folder = file.parent().unwrap_or(root());
    fs::create_dir_all(folder).map_err(WebError::file(folder))?;
    fs::write(&file, text).map_err(WebError::file(&file))
}

/// The lints see nothing of it where it is not built for a browser.
pub fn lint(toolchain: &Toolchain) -> Result<(), WebError> {
    let mut lint =
        cargo(["clippy", "--package", "web", "--target", TARGET, "--profile", PROFILE, "--", "-D", "warnings"]);
    toolchain.give(&mut lint);
    Ok(run::run(&mut lint)?)
}

/// Builds the WASM and what the scripts call it by.
pub fn build(toolchain: &Toolchain) -> Result<(), WebError> {
    let mut build = cargo(["build", "--package", "web", "--target", TARGET, "--profile", PROFILE]);
    toolchain.give(&mut build);
    run::run(&mut build)?;
    let target = Metadata::read().map_err(|error| WebError::Missing(error.to_string()))?.target_directory;
    let built = target.join(TARGET).join(PROFILE).join("web.wasm");
    let package = root().join(PACKAGE);
    let small = package.join("web_bg.wasm");
    if is_newer(&small, &built) {
        return Ok(());
    }
    let mut bind = run::program(&toolchain.tool("WASM_BINDGEN")?.to_string_lossy());
    bind.args(["--target", "web", "--out-dir"]).arg(&package).arg(&built);
    run::run(&mut bind)?;
    let smaller = package.join("smaller.wasm");
    let mut optimise = run::program(&toolchain.tool("WASM_OPT")?.to_string_lossy());
    // Which features the core uses it says itself (`target_features`).
    run::run(optimise.arg("-Oz").arg(&small).arg("-o").arg(&smaller))?;
    fs::rename(&smaller, &small).map_err(WebError::file(&small))
}

fn is_newer(file: &Path, than: &Path) -> bool {
    let written = |path: &Path| fs::metadata(path).and_then(|found| found.modified());
    matches!((written(file), written(than)), (Ok(file), Ok(than)) if file > than)
}
