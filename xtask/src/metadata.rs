//! What `cargo metadata` tells of the workspace, as far as the tasks need it.

use std::path::PathBuf;

use serde::Deserialize;

use crate::run::{self, RunError};

/// The workspace could not be read.
#[derive(Debug, thiserror::Error)]
pub enum MetadataError {
    /// Cargo or rustc failed.
    #[error(transparent)]
    Run(#[from] RunError),
    /// The answer has another shape than this program knows.
    #[error("`cargo metadata` answered in an unknown form ({0}): use the toolchain of rust-toolchain.toml")]
    Form(#[from] serde_json::Error),
    /// `rustc -vV` names no host.
    #[error("`rustc -vV` names no host: use the toolchain of rust-toolchain.toml")]
    NoHost,
}

/// The workspace and all it is built of.
#[derive(Debug, Deserialize)]
pub struct Metadata {
    /// Every package, members and others.
    pub packages: Vec<Package>,
    /// Ids of the workspace's own packages.
    pub workspace_members: Vec<String>,
    /// Where built files go.
    pub target_directory: PathBuf,
    /// What depends on what once features and versions are chosen.
    pub resolve: Resolve,
}

/// One package.
#[derive(Debug, Deserialize)]
pub struct Package {
    /// Unique within one answer.
    pub id: String,
    /// The name in its manifest.
    pub name: String,
    /// What its manifest asks for, on every platform, optional ones too.
    pub dependencies: Vec<Dependency>,
}

/// One line under `[dependencies]` and its like.
#[derive(Debug, Deserialize)]
pub struct Dependency {
    /// The package's own name, also when it is renamed.
    pub name: String,
}

/// The resolved graph.
#[derive(Debug, Deserialize)]
pub struct Resolve {
    /// One a package.
    pub nodes: Vec<Node>,
}

/// A package in the resolved graph.
#[derive(Debug, Deserialize)]
pub struct Node {
    /// The package's id.
    pub id: String,
    /// What it depends on.
    pub deps: Vec<Edge>,
}

/// An arrow in the resolved graph.
#[derive(Debug, Deserialize)]
pub struct Edge {
    /// The id of the package depended on.
    pub pkg: String,
    /// What it is needed for.
    pub dep_kinds: Vec<EdgeKind>,
}

/// What a dependency is needed for.
#[derive(Debug, Deserialize)]
pub struct EdgeKind {
    /// None for the product itself, else `dev` or `build`.
    pub kind: Option<String>,
}

impl Edge {
    /// Whether only tests and examples need it.
    pub fn is_dev_only(&self) -> bool {
        self.dep_kinds.iter().all(|dep| dep.kind.as_deref() == Some("dev"))
    }
}

impl Metadata {
    /// Asks cargo, for this machine's platform: others would have to be downloaded first.
    ///
    /// # Errors
    /// [`MetadataError`] when cargo or rustc fail or answer in an unknown form.
    pub fn read() -> Result<Self, MetadataError> {
        let mut ask = run::cargo(["metadata", "--format-version", "1", "--filter-platform"]);
        let answer = run::read(ask.arg(host()?))?;
        Ok(serde_json::from_slice(&answer)?)
    }
}

fn host() -> Result<String, MetadataError> {
    let answer = run::read(run::program("rustc").arg("-vV"))?;
    let answer = String::from_utf8_lossy(&answer).into_owned();
    let host = answer.lines().find_map(|line| line.strip_prefix("host: "));
    host.map(str::to_owned).ok_or(MetadataError::NoHost)
}
