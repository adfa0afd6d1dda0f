//! Where a replica lies: its database, and the small files beside it. A folder on a disk; in a browser the files that a
//! page has to itself.

#[cfg(not(target_family = "wasm"))]
mod folder;
#[cfg(target_family = "wasm")]
mod pool;

#[cfg(not(target_family = "wasm"))]
pub(crate) use folder::Home;
#[cfg(target_family = "wasm")]
pub(crate) use pool::Home;
#[cfg(target_family = "wasm")]
pub use pool::{StorageError, prepare};

/// The key of the database ([`crate::vault::KeyFile`]).
pub(super) const KEY: &str = "key";
/// Wrong PINs in a row ([`crate::vault::Tries`]).
pub(super) const TRIES: &str = "key.tries";
/// What a device that is being enrolled has told the server.
pub(super) const ENROLLING: &str = "enrolling";
