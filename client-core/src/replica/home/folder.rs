//! A replica's folder on a disk: for its owner's eyes only, used by one process at a time.

use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::io::Write;
use std::path::{Path, PathBuf};

use super::{ENROLLING, KEY, TRIES};
use crate::replica::ReplicaError;

/// Lies in a folder whose device was shut out: what else lies there goes, or is gone.
const WIPED: &str = "wiped";
const LOCK: &str = "lock";
/// The file that is written instead of another, and takes its name when it is whole.
const UNFINISHED: &str = ".new";
/// The database.
const DATABASE: &str = "replica.db";
/// Files of the folder that are written whole, each under this name with [`UNFINISHED`] first.
const WHOLE: [&str; 3] = [KEY, TRIES, ENROLLING];

/// The folder, locked as long as this lives.
#[derive(Debug)]
pub(crate) struct Home {
    path: PathBuf,
    /// The lock goes with the file.
    _lock: File,
}

fn failed(path: &Path) -> impl Fn(std::io::Error) -> ReplicaError {
    move |error| ReplicaError::File { path: path.to_owned(), error }
}

impl Home {
    /// Locks a folder that holds a replica.
    pub(crate) fn open(path: &Path) -> Result<Self, ReplicaError> {
        if path.join(WIPED).exists() {
            Self::lock(path)?.finish_wiping()?;
            return Err(ReplicaError::Wiped(path.to_owned()));
        }
        if !path.join(DATABASE).exists() {
            return Err(ReplicaError::NotEnrolled(path.to_owned()));
        }
        Self::lock(path)
    }

    /// Makes and locks a folder for a new replica. One that holds anything else is not taken: what lies in a replica's folder
    /// goes when its device is shut out.
    pub(crate) fn create(path: &Path) -> Result<Self, ReplicaError> {
        if let Ok(mut found) = std::fs::read_dir(path)
            && found.any(|entry| entry.is_ok_and(|entry| !is_own(&entry.file_name().to_string_lossy())))
        {
            return Err(ReplicaError::ForeignFolder(path.to_owned()));
        }
        let mut builder = DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(path).map_err(failed(path))?;
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o700)).map_err(failed(path))?;
        }
        let home = Self::lock(path)?;
        home.finish_wiping()?;
        if home.database().exists() {
            return Err(ReplicaError::AlreadyEnrolled(path.to_owned()));
        }
        Ok(home)
    }

    /// The folder.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Where the database is.
    pub(crate) fn database(&self) -> PathBuf {
        self.file(DATABASE)
    }

    /// Which file a database is: a copy put in its place is another one. None where the system does not tell.
    pub(in crate::replica) fn file_number(database: &Path) -> Result<Option<i64>, ReplicaError> {
        #[cfg(unix)]
        {
            use std::os::unix::fs::MetadataExt;
            let number = std::fs::metadata(database).map_err(failed(database))?.ino();
            Ok(Some(number.cast_signed()))
        }
        #[cfg(not(unix))]
        Ok(None)
    }

    /// Where a file of the folder is.
    pub(in crate::replica) fn file(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    /// Makes an empty database that is not the replica's yet, readable by its owner only; SQLite's other files follow its
    /// permissions. What an attempt before has left of one goes.
    pub(in crate::replica) fn unfinished_database(&self) -> Result<PathBuf, ReplicaError> {
        let name = format!("{DATABASE}{UNFINISHED}");
        for beside in ["", "-journal", "-wal", "-shm"] {
            self.remove(&format!("{name}{beside}"))?;
        }
        let file = self.file(&name);
        private().create_new(true).open(&file).map_err(failed(&file))?;
        Ok(file)
    }

    /// The unfinished database, closed and durable, becomes the replica's; what was there before is gone with it.
    pub(in crate::replica) fn finish_database(&self) -> Result<(), ReplicaError> {
        // A journal of the old one that was removed must not come back after a power cut, beside the new one.
        self.make_durable()?;
        self.rename(&format!("{DATABASE}{UNFINISHED}"), DATABASE)
    }

    /// The bytes of a file; none when it is not there.
    pub(in crate::replica) fn read(&self, name: &str) -> Result<Option<Vec<u8>>, ReplicaError> {
        let file = self.file(name);
        match std::fs::read(&file) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(failed(&file)(error)),
        }
    }

    /// Writes a file for its owner only. When this returns it is there whole, also after a power cut; before, the file
    /// that was there is.
    pub(in crate::replica) fn write(&self, name: &str, bytes: &[u8]) -> Result<(), ReplicaError> {
        let unfinished = format!("{name}{UNFINISHED}");
        let file = self.file(&unfinished);
        let mut written = private().create(true).truncate(true).open(&file).map_err(failed(&file))?;
        written.write_all(bytes).and_then(|()| written.sync_all()).map_err(failed(&file))?;
        self.rename(&unfinished, name)
    }

    /// Removes a file, if it is there.
    pub(in crate::replica) fn remove(&self, name: &str) -> Result<(), ReplicaError> {
        let file = self.file(name);
        match std::fs::remove_file(&file) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(failed(&file)(error)),
            _ => Ok(()),
        }
    }

    /// From here on the folder is one whose device was shut out, whatever happens.
    pub(crate) fn begin_wiping(&self) -> Result<(), ReplicaError> {
        let file = self.path.join(WIPED);
        private().create(true).truncate(true).open(&file).and_then(|f| f.sync_all()).map_err(failed(&file))?;
        self.make_durable()
    }

    /// Overwrites and removes everything but the mark and the lock: keys first, in files of their own, then the database and
    /// what lies beside it.
    pub(crate) fn erase(&self) -> Result<(), ReplicaError> {
        let mut files = Vec::new();
        for found in std::fs::read_dir(&self.path).map_err(failed(&self.path))? {
            let file = found.map_err(failed(&self.path))?.path();
            let name = file.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
            if name != WIPED && name != LOCK {
                files.push((name.starts_with("replica.db"), name, file));
            }
        }
        files.sort();
        for (_, _, file) in files {
            overwrite(&file).map_err(failed(&file))?;
            self.make_durable()?;
        }
        let mark = self.path.join(WIPED);
        let done =
            private().truncate(true).open(&mark).and_then(|mut f| f.write_all(b"1\n").and_then(|()| f.sync_all()));
        done.map_err(failed(&mark))
    }

    /// A wiping that was killed half way goes on. What was put into the folder after it was done is not its own.
    fn finish_wiping(&self) -> Result<(), ReplicaError> {
        match std::fs::metadata(self.path.join(WIPED)) {
            Ok(mark) if mark.len() == 0 => self.erase(),
            _ => Ok(()),
        }
    }

    /// Another device is being made here: the folder is not the old one's any more.
    pub(crate) fn begin_anew(&self) -> Result<(), ReplicaError> {
        let file = self.path.join(WIPED);
        match std::fs::remove_file(&file) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(failed(&file)(error)),
            _ => {}
        }
        self.make_durable()
    }

    fn rename(&self, from: &str, to: &str) -> Result<(), ReplicaError> {
        let to = self.file(to);
        std::fs::rename(self.file(from), &to).map_err(failed(&to))?;
        self.make_durable()
    }

    /// Makes the names in the folder as durable as what is in its files.
    fn make_durable(&self) -> Result<(), ReplicaError> {
        #[cfg(unix)]
        File::open(&self.path).and_then(|folder| folder.sync_all()).map_err(failed(&self.path))?;
        Ok(())
    }

    /// What was being written when the program ended may be a key that was never meant to stay.
    fn cleared(self) -> Result<Self, ReplicaError> {
        for name in WHOLE {
            self.remove(&format!("{name}{UNFINISHED}"))?;
        }
        Ok(self)
    }

    fn lock(path: &Path) -> Result<Self, ReplicaError> {
        let file = path.join(LOCK);
        let lock = private().create(true).truncate(false).open(&file).map_err(failed(&file))?;
        match lock.try_lock() {
            Ok(()) => Self { path: path.to_owned(), _lock: lock }.cleared(),
            Err(TryLockError::WouldBlock) => Err(ReplicaError::Busy(path.to_owned())),
            Err(TryLockError::Error(error)) => Err(failed(&file)(error)),
        }
    }
}

/// Zeros over a file's bytes, forced to the disk, then the file goes. On flash memory the old bytes may lie on in cells that
/// cannot be written: what is secret is secret by its key.
fn overwrite(path: &Path) -> std::io::Result<()> {
    let kind = std::fs::symlink_metadata(path)?.file_type();
    if kind.is_dir() {
        for found in std::fs::read_dir(path)? {
            overwrite(&found?.path())?;
        }
        return std::fs::remove_dir(path);
    }
    if kind.is_file() {
        let mut file = OpenOptions::new().write(true).open(path)?;
        let mut left = file.metadata()?.len();
        let zeros = [0; 64 * 1024];
        while left > 0 {
            let part = zeros.len().min(usize::try_from(left).unwrap_or(zeros.len()));
            file.write_all(&zeros[..part])?;
            left -= part as u64;
        }
        file.sync_all()?;
    }
    std::fs::remove_file(path)
}

/// Whether a file is one of a replica's, be it unfinished.
fn is_own(name: &str) -> bool {
    let whole = name.strip_suffix(UNFINISHED).unwrap_or(name);
    WHOLE.contains(&whole) || [LOCK, WIPED].contains(&whole) || whole.starts_with(DATABASE)
}

fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}
