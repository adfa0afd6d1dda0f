//! The key of a replica's database and what keeps it: bytes in, bytes out. Where the bytes lie is the caller's: a folder
//! here ([`crate::replica`]), another storage in a browser.

mod file;
mod key;
mod pin;
mod seal;
mod stretch;
mod tries;

pub use file::{KeyFile, KeyFileFault, WrappedKey};
pub use key::DatabaseKey;
pub use pin::{Pin, PinFault};
pub use seal::{seal, unseal};
pub use stretch::Stretch;
pub use tries::Tries;

#[cfg(test)]
mod tests;
