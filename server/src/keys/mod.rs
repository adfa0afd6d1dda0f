//! Keys kept apart from the database, in files only the operator's user can read.

mod recovery;
mod tenant;

use std::io::Write;
use std::path::{Path, PathBuf};

use ed25519_dalek::SigningKey;
use minicbor::bytes::ByteArray;
use sync::wire::{HandlerKey, TenantKeys};
use x25519_dalek::{PublicKey, StaticSecret};

pub(crate) use recovery::create as create_recovery;
pub use tenant::TenantSecrets;

use crate::error::ServerError;

/// The server's own keys.
#[derive(Clone)]
pub struct ServerKeys {
    /// Signs receipts.
    pub receipt: SigningKey,
    /// Signs what server commands write, as the local administrator replica.
    pub administrator: SigningKey,
    /// X25519: opens what couriers bring.
    pub bundle: StaticSecret,
    /// X25519: opens who spoke.
    pub tenant: TenantSecrets,
    /// X25519, its public half only: for what the server itself must not read.
    pub recovery: Option<[u8; 32]>,
    /// What short tokens are made with.
    pub token: [u8; 32],
}

const RECEIPT: &str = "receipt.key";
const ADMINISTRATOR: &str = "administrator.key";
const BUNDLE: &str = "bundle.key";
const TOKEN: &str = "token.key";

fn folder(data: &Path) -> PathBuf {
    data.join("keys")
}

impl ServerKeys {
    /// Makes new keys and writes them.
    pub fn create(data: &Path, chance: Chance<'_>) -> Result<Self, ServerError> {
        let folder = folder(data);
        std::fs::create_dir_all(&folder).map_err(|e| ServerError::file(&folder, e))?;
        private(&folder, 0o700)?;
        let keys = Self {
            receipt: SigningKey::from_bytes(&draw(chance)?),
            administrator: SigningKey::from_bytes(&draw(chance)?),
            bundle: StaticSecret::from(draw(chance)?),
            tenant: TenantSecrets::create(&folder, chance)?,
            recovery: None,
            token: draw(chance)?,
        };
        write(&folder.join(RECEIPT), &keys.receipt.to_bytes())?;
        write(&folder.join(ADMINISTRATOR), &keys.administrator.to_bytes())?;
        write(&folder.join(BUNDLE), keys.bundle.as_bytes())?;
        write(&folder.join(TOKEN), &keys.token)?;
        Ok(keys)
    }

    /// Reads them. A folder made before there were couriers, or tokens, gets the keys it lacks.
    pub fn read(data: &Path) -> Result<Self, ServerError> {
        let folder = folder(data);
        let read = |name: &str| read_key(&folder.join(name));
        for later in [BUNDLE, TOKEN].map(|name| folder.join(name)) {
            if !later.exists() {
                write(&later, &random::<32>()?)?;
            }
        }
        Ok(Self {
            receipt: SigningKey::from_bytes(&read(RECEIPT)?),
            administrator: SigningKey::from_bytes(&read(ADMINISTRATOR)?),
            bundle: StaticSecret::from(read(BUNDLE)?),
            tenant: TenantSecrets::read(&folder, &mut system)?,
            recovery: recovery::read_public(&folder)?,
            token: read(TOKEN)?,
        })
    }

    /// The one that signs receipts, alone: what is checked without serving needs no other.
    pub fn read_receipt(data: &Path) -> Result<SigningKey, ServerError> {
        Ok(SigningKey::from_bytes(&read_key(&folder(data).join(RECEIPT))?))
    }

    /// What a device seals for; `handlers`: the devices of those who are entrusted with what its user may seal.
    pub fn tenant_keys(&self, handlers: Vec<HandlerKey>) -> TenantKeys {
        TenantKeys {
            identity: ByteArray::from(self.tenant.public()),
            recovery: self.recovery.map(ByteArray::from),
            handlers: (!handlers.is_empty()).then_some(handlers),
        }
    }

    /// What devices seal a courier's bundle for.
    pub fn bundle_public(&self) -> [u8; 32] {
        PublicKey::from(&self.bundle).to_bytes()
    }
}

fn read_key(path: &Path) -> Result<[u8; 32], ServerError> {
    let bytes = std::fs::read(path).map_err(|e| ServerError::file(path, e))?;
    bytes.try_into().map_err(|_| ServerError::Stored("key file"))
}

/// Writes a key for its owner's eyes only: under another name first, so that no half of one is ever read.
fn write(path: &Path, key: &[u8]) -> Result<(), ServerError> {
    let new = path.with_extension("new");
    // Made for its owner's eyes before anything is in it.
    std::fs::write(&new, []).map_err(|e| ServerError::file(&new, e))?;
    private(&new, 0o600)?;
    let written = std::fs::File::create(&new).and_then(|mut file| file.write_all(key).and_then(|()| file.sync_all()));
    written.map_err(|e| ServerError::file(&new, e))?;
    std::fs::rename(&new, path).map_err(|e| ServerError::file(path, e))?;
    // What is sealed for a key must not outlive it.
    #[cfg(unix)]
    if let Some(folder) = path.parent() {
        std::fs::File::open(folder).and_then(|folder| folder.sync_all()).map_err(|e| ServerError::file(folder, e))?;
    }
    Ok(())
}

/// Where chance comes from: it fills a buffer.
pub type Chance<'a> = &'a mut dyn FnMut(&mut [u8]) -> Result<(), ServerError>;

/// The operating system's: the only place of chance in the server.
#[expect(clippy::disallowed_methods, reason = "this is the edge where chance comes in")]
pub fn system(buffer: &mut [u8]) -> Result<(), ServerError> {
    getrandom::fill(buffer).map_err(|e| ServerError::Command(format!("no random numbers to be had: {e}")))
}

/// So many bytes of it.
pub fn draw<const N: usize>(chance: Chance<'_>) -> Result<[u8; N], ServerError> {
    let mut bytes = [0; N];
    chance(&mut bytes)?;
    Ok(bytes)
}

/// So many bytes of the operating system's.
pub fn random<const N: usize>() -> Result<[u8; N], ServerError> {
    draw(&mut system)
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
