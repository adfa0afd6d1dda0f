//! The tenant's private key: who spoke can be read with it, and with nothing else the server has. It lies in a file of its
//! own, or comes in an environment variable, so that it can be kept apart from database and copies.

use std::path::Path;

use data_encoding::{HEXLOWER, HEXLOWER_PERMISSIVE};
use x25519_dalek::{PublicKey, StaticSecret};

use super::{Chance, draw, write};
use crate::error::ServerError;

const NAME: &str = "tenant.key";
/// Its public half: tells a folder that has lost its key from one that never had one.
const PUBLIC: &str = "tenant.pub";
/// The same lines as the file, separated by commas.
const VARIABLE: &str = "LANGNGHE_TENANT_KEY";

/// The present key, and those before it: what a device sealed for one of them while it was out of reach is still read.
#[derive(Clone)]
pub struct TenantSecrets {
    present: StaticSecret,
    retired: Vec<StaticSecret>,
}

impl TenantSecrets {
    /// A new one, written to its file.
    pub(super) fn create(folder: &Path, chance: Chance<'_>) -> Result<Self, ServerError> {
        let made = Self { present: StaticSecret::from(draw(chance)?), retired: Vec::new() };
        made.write(folder)?;
        Ok(made)
    }

    /// From the environment, else from its file. A folder made before there was such a key gets one.
    pub(super) fn read(folder: &Path, chance: Chance<'_>) -> Result<Self, ServerError> {
        let path = folder.join(NAME);
        if let Ok(given) = std::env::var(VARIABLE) {
            return Self::parse(&given).ok_or_else(|| {
                ServerError::Command(format!(
                    "{VARIABLE} does not hold keys of 64 hex digits each, separated by commas"
                ))
            });
        }
        if !path.exists() {
            if folder.join(PUBLIC).exists() {
                return Err(ServerError::Command(format!(
                    "the tenant's key is missing: who spoke cannot be read without it; put {} back from the place where \
                     you keep its copy, or give it in {VARIABLE}",
                    path.display()
                )));
            }
            return Self::create(folder, chance);
        }
        for_its_owner_only(&path)?;
        let text = std::fs::read_to_string(&path).map_err(|e| ServerError::file(&path, e))?;
        Self::parse(&text).ok_or_else(|| {
            ServerError::Command(format!(
                "{} does not hold keys of 64 hex digits, a line each; put it back from its copy",
                path.display()
            ))
        })
    }

    fn parse(text: &str) -> Option<Self> {
        let lines = text.split(['\n', ',']).map(str::trim).filter(|line| !line.is_empty());
        let keys = lines.map(|line| {
            let bytes: [u8; 32] = HEXLOWER_PERMISSIVE.decode(line.as_bytes()).ok()?.try_into().ok()?;
            Some(StaticSecret::from(bytes))
        });
        let mut keys = keys.collect::<Option<Vec<_>>>()?.into_iter();
        Some(Self { present: keys.next()?, retired: keys.collect() })
    }

    fn write(&self, folder: &Path) -> Result<(), ServerError> {
        let lines = std::iter::once(&self.present).chain(&self.retired).map(|key| HEXLOWER.encode(key.as_bytes()));
        let text = lines.map(|line| line + "\n").collect::<String>();
        write(&folder.join(NAME), text.as_bytes())?;
        write(&folder.join(PUBLIC), HEXLOWER.encode(&self.public()).as_bytes())
    }

    /// With a new key in front, written to the file; the former ones follow it.
    pub(crate) fn rotated(self, data: &Path, chance: Chance<'_>) -> Result<Self, ServerError> {
        if std::env::var_os(VARIABLE).is_some() {
            return Err(ServerError::Command(format!(
                "the tenant's key comes from {VARIABLE}; write its keys into {}, a line each, for its owner's eyes only, \
                 run this again without the variable, and take the file's lines over into it",
                super::folder(data).join(NAME).display()
            )));
        }
        let Self { present, retired } = self;
        let retired = std::iter::once(present).chain(retired).collect();
        let rotated = Self { present: StaticSecret::from(draw(chance)?), retired };
        rotated.write(&super::folder(data))?;
        Ok(rotated)
    }

    /// What devices seal for.
    pub fn public(&self) -> [u8; 32] {
        PublicKey::from(&self.present).to_bytes()
    }

    /// Opens what was sealed for this tenant, be it under a former key.
    pub fn open(&self, purpose: &[u8], beside: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
        let mut keys = std::iter::once(&self.present).chain(&self.retired);
        keys.find_map(|key| sync::sealed::open(key.as_bytes(), purpose, beside, sealed))
    }
}

#[cfg(unix)]
fn for_its_owner_only(path: &Path) -> Result<(), ServerError> {
    use std::os::unix::fs::PermissionsExt;
    let mode = std::fs::metadata(path).map_err(|e| ServerError::file(path, e))?.permissions().mode();
    if mode & 0o077 == 0 {
        return Ok(());
    }
    Err(ServerError::Command(format!(
        "{} can be read by others than its owner; run `chmod 600` on it, and ask yourself who has read it meanwhile",
        path.display()
    )))
}

#[cfg(not(unix))]
fn for_its_owner_only(_: &Path) -> Result<(), ServerError> {
    Ok(())
}
