//! The folder of entries.

use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use sync::id::DeviceId;

use super::entry::{Entry, EntryId};
use crate::error::ServerError;

/// So many entries are kept of one device.
const MAX_ENTRIES: usize = 64;
/// So many bytes of one device, all entries together: 256 MiB.
const MAX_BYTES: u64 = 256 * 1024 * 1024;

/// Why an entry is not kept.
#[derive(Debug, thiserror::Error)]
pub enum Rejected {
    /// The device has left as much as is kept of one.
    #[error("as much as is kept of one device lies there already")]
    Full,
    /// The folder.
    #[error(transparent)]
    Server(#[from] ServerError),
}

/// An entry by its file's name.
struct Named {
    device: DeviceId,
    id: EntryId,
    path: PathBuf,
}

/// The quarantine of a data folder.
#[derive(Debug, Clone)]
pub struct Quarantine {
    folder: PathBuf,
}

impl Quarantine {
    /// In `quarantine` beside the database.
    pub fn of(data: &Path) -> Self {
        Self { folder: data.join("quarantine") }
    }

    /// A device's entries lie beside each other.
    fn path(&self, device: DeviceId, id: EntryId) -> PathBuf {
        self.folder.join(format!("{device}.{id}"))
    }

    /// Keeps an entry, durably when it returns. One that is here, or was judged, stays as it is.
    pub fn keep(&self, id: EntryId, entry: &Entry) -> Result<(), Rejected> {
        std::fs::create_dir_all(&self.folder).map_err(|e| failed(&self.folder, e))?;
        // Two that come at once are counted one after the other.
        let lock = self.folder.join(".lock");
        let lock =
            OpenOptions::new().create(true).truncate(false).write(true).open(&lock).map_err(|e| failed(&lock, e))?;
        lock.lock().map_err(|e| failed(&self.folder, e))?;
        if self.path(entry.device, id).exists() {
            return Ok(());
        }
        let (mut count, mut bytes) = (0, 0);
        for found in self.names()?.into_iter().filter(|n| n.device == entry.device) {
            count += 1;
            bytes += std::fs::metadata(&found.path).map(|m| m.len()).unwrap_or(0);
        }
        if count >= MAX_ENTRIES || bytes >= MAX_BYTES {
            return Err(Rejected::Full);
        }
        Ok(self.write(id, entry)?)
    }

    /// Under another name first: what bears the name is whole.
    fn write(&self, id: EntryId, entry: &Entry) -> Result<(), ServerError> {
        let path = self.path(entry.device, id);
        let new = self.folder.join(format!(".{id}.new"));
        let bytes = minicbor::to_vec(entry).map_err(|_| ServerError::Stored("quarantine entry"))?;
        let written = File::create(&new).and_then(|mut file| file.write_all(&bytes).and_then(|()| file.sync_all()));
        written.map_err(|e| failed(&new, e))?;
        std::fs::rename(&new, &path).map_err(|e| failed(&path, e))?;
        #[cfg(unix)]
        File::open(&self.folder).and_then(|folder| folder.sync_all()).map_err(|e| failed(&self.folder, e))?;
        Ok(())
    }

    fn names(&self) -> Result<Vec<Named>, ServerError> {
        let read = match std::fs::read_dir(&self.folder) {
            Ok(read) => read,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(ServerError::file(&self.folder, error)),
        };
        let mut names = Vec::new();
        for found in read {
            let path = found.map_err(|e| ServerError::file(&self.folder, e))?.path();
            let name = path.file_name().and_then(|n| n.to_str()).and_then(|n| n.split_once('.'));
            let Some((device, id)) = name else { continue };
            if let (Ok(device), Some(id)) = (device.parse(), EntryId::parse(id)) {
                names.push(Named { device, id, path });
            }
        }
        Ok(names)
    }

    /// Every entry that waits for somebody to judge it, oldest first.
    pub fn entries(&self) -> Result<Vec<(EntryId, Entry)>, ServerError> {
        let mut entries = Vec::new();
        for Named { id, path, .. } in self.names()? {
            let entry = read(&path)?;
            if entry.left.is_some() {
                entries.push((id, entry));
            }
        }
        entries.sort_by_key(|(id, entry)| (entry.received_at, *id));
        Ok(entries)
    }

    /// One of them, as it lies: where, and what.
    pub fn find(&self, typed: &str) -> Result<(EntryId, PathBuf, Entry), ServerError> {
        let unknown =
            || ServerError::Command(format!("there is no entry `{typed}` in quarantine; see `quarantine list`"));
        let id = EntryId::parse(typed).ok_or_else(unknown)?;
        let Named { path, .. } = self.names()?.into_iter().find(|n| n.id == id).ok_or_else(unknown)?;
        let entry = read(&path)?;
        if entry.left.is_some() { Ok((id, path, entry)) } else { Err(unknown()) }
    }

    /// Lets go of one that was judged: the words go, the name stays.
    pub fn discard(&self, typed: &str) -> Result<EntryId, ServerError> {
        let (id, _, entry) = self.find(typed)?;
        self.write(id, &Entry { left: None, ..entry })?;
        Ok(id)
    }
}

fn read(path: &Path) -> Result<Entry, ServerError> {
    let bytes = std::fs::read(path).map_err(|e| ServerError::file(path, e))?;
    minicbor::decode(&bytes)
        .map_err(|_| ServerError::Command(format!("{}: not an entry of the quarantine", path.display())))
}

/// A full disk is one here as in the database.
fn failed(path: &Path, error: std::io::Error) -> ServerError {
    match error.kind() {
        ErrorKind::StorageFull | ErrorKind::FileTooLarge | ErrorKind::ReadOnlyFilesystem => {
            ServerError::Storage(error.to_string())
        }
        _ => ServerError::file(path, error),
    }
}
