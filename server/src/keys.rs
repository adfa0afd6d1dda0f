//! Keys kept apart from the database, in files only the operator's user can read.

use std::path::{Path, PathBuf};

use ed25519_dalek::SigningKey;

use crate::error::ServerError;

/// The server's own keys.
#[derive(Debug, Clone)]
pub struct ServerKeys {
    /// Signs receipts.
    pub receipt: SigningKey,
    /// Signs what server commands write, as the local administrator replica.
    pub administrator: SigningKey,
}

fn folder(data: &Path) -> PathBuf {
    data.join("keys")
}

impl ServerKeys {
    /// Makes new keys and writes them.
    pub fn create(data: &Path) -> Result<Self, ServerError> {
        let folder = folder(data);
        std::fs::create_dir_all(&folder).map_err(|e| ServerError::file(&folder, e))?;
        private(&folder, 0o700)?;
        let keys =
            Self { receipt: SigningKey::from_bytes(&random()?), administrator: SigningKey::from_bytes(&random()?) };
        for (name, key) in [("receipt.key", &keys.receipt), ("administrator.key", &keys.administrator)] {
            let path = folder.join(name);
            std::fs::write(&path, key.to_bytes()).map_err(|e| ServerError::file(&path, e))?;
            private(&path, 0o600)?;
        }
        Ok(keys)
    }

    /// Reads them.
    pub fn read(data: &Path) -> Result<Self, ServerError> {
        let read = |name: &str| -> Result<SigningKey, ServerError> {
            let path = folder(data).join(name);
            let bytes = std::fs::read(&path).map_err(|e| ServerError::file(&path, e))?;
            let bytes: [u8; 32] = bytes.try_into().map_err(|_| ServerError::Stored("key file"))?;
            Ok(SigningKey::from_bytes(&bytes))
        };
        Ok(Self { receipt: read("receipt.key")?, administrator: read("administrator.key")? })
    }
}

/// Random bytes of the operating system: the only place of chance in the server.
#[expect(clippy::disallowed_methods, reason = "this is the edge where chance comes in")]
pub fn random<const N: usize>() -> Result<[u8; N], ServerError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|e| ServerError::Command(format!("no random numbers to be had: {e}")))?;
    Ok(bytes)
}

#[cfg(unix)]
fn private(path: &Path, mode: u32) -> Result<(), ServerError> {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).map_err(|e| ServerError::file(path, e))
}

#[cfg(not(unix))]
fn private(_: &Path, _: u32) -> Result<(), ServerError> {
    Ok(())
}
