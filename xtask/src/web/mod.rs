//! `cargo xtask web`: the app, from the core as WASM to the compressed pages that the server has built in.

pub mod browser;
mod core;
mod embed;
mod node;
mod toolchain;

use std::io;
use std::path::PathBuf;

use crate::run::{RunError, heading};

/// How to build it.
#[derive(clap::Args, Default)]
pub struct Options {
    /// Check the core's lints and the types of the pages' scripts, too
    #[arg(long)]
    pub check: bool,
}

/// Why there is no app.
#[derive(Debug, thiserror::Error)]
pub enum WebError {
    /// A step's program failed.
    #[error(transparent)]
    Run(#[from] RunError),
    /// A file could not be read or written.
    #[error("{}: {source}", .path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Something that the build needs is not on this machine.
    #[error("missing {0}")]
    Missing(String),
}

impl WebError {
    fn file(path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::File { path, source }
    }
}

/// Whether this machine can build it: all but Node.js is fetched.
pub fn can_be_built() -> bool {
    node::is_here()
}

/// Builds the app and puts it where the server's build finds it. What has not changed is not built again.
///
/// # Errors
/// [`WebError`] of the first step that fails.
pub fn web(options: &Options) -> Result<(), WebError> {
    heading("App: tools");
    let toolchain = toolchain::ready()?;
    node::ready()?;

    heading("App: core");
    core::types()?;
    if options.check {
        core::lint(&toolchain)?;
    }
    core::build(&toolchain)?;

    heading("App: pages");
    if options.check {
        node::npm(["run", "--silent", "check"])?;
    }
    node::npm(["run", "--silent", "build"])?;
    embed::embed()
}
