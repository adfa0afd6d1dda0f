//! The recovery key: its public half lies here, its private half is printed once.

use std::path::Path;

use sync::recovery::RecoveryKey;

use super::{Chance, draw, write};
use crate::error::ServerError;

const NAME: &str = "recovery.pub";

/// Draws one and keeps its public half in the folder of keys.
pub(crate) fn create(data: &Path, chance: Chance<'_>) -> Result<RecoveryKey, ServerError> {
    let key = RecoveryKey::from_bytes(draw(chance)?);
    write(&super::folder(data).join(NAME), &key.public())?;
    Ok(key)
}

/// The public half; none where none was ever made.
pub(super) fn read_public(folder: &Path) -> Result<Option<[u8; 32]>, ServerError> {
    let path = folder.join(NAME);
    match std::fs::read(&path) {
        Ok(bytes) => Ok(Some(bytes.try_into().map_err(|_| ServerError::Stored("recovery.pub"))?)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(ServerError::file(&path, error)),
    }
}
