//! A replica's folder in a browser: files of the origin's private file system that SQLite's pool holds open, so that reading
//! and writing need no waiting. The small files are rows of a database of their own, which no key opens: it holds the key.
//!
//! One Worker holds the pool at a time: the system refuses the files to everybody else.

use std::cell::RefCell;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags, OptionalExtension, params};
use sqlite_wasm_rs::WasmOsCallback;
use sqlite_wasm_rs::vfs::VfsFilesManager;
use sqlite_wasm_vfs::sahpool::{OpfsSAHError, OpfsSAHPoolCfgBuilder, OpfsSAHPoolUtil, install};

use crate::replica::ReplicaError;

/// The pool's folder under the origin's root.
const FOLDER: &str = "langnghe";
/// Files that can be open at once: two databases with their journals, the small files with theirs, and room.
const FILES: usize = 12;
/// The database of small files.
const HOME: &str = "home.db";
/// Names the file that is the replica's database.
const DATABASE: &str = "database";
/// Names the one that is being made.
const UNFINISHED: &str = "database.new";
/// There in a folder whose device was shut out: `begun`, then `done`.
const WIPED: &str = "wiped";

thread_local! {
    static POOL: RefCell<Option<OpfsSAHPoolUtil>> = const { RefCell::new(None) };
}

/// Why there is no place for a replica.
#[derive(Debug, thiserror::Error)]
pub enum StorageError {
    /// The browser has no such storage, or gives a page like this none (a private window, a page that is not secure).
    #[error("trình duyệt không cho lưu dữ liệu trên máy ({0})")]
    Denied(String),
    /// Another tab holds it.
    #[error("dữ liệu trên máy đang do một cửa sổ khác giữ ({0})")]
    Held(String),
    /// What lies there is not as it was written.
    #[error("kho dữ liệu của trình duyệt hỏng ({0})")]
    Damaged(String),
}

impl From<OpfsSAHError> for StorageError {
    fn from(error: OpfsSAHError) -> Self {
        let line = error.to_string();
        match error {
            OpfsSAHError::NotSupported => Self::Denied(line),
            OpfsSAHError::Opfs { .. } if line.contains("NoModificationAllowedError") => Self::Held(line),
            OpfsSAHError::Opfs { .. } => Self::Denied(line),
            _ => Self::Damaged(line),
        }
    }
}

/// Takes hold of the files; before anything else, and once.
///
/// # Errors
/// [`StorageError`] when this page can have none.
pub async fn prepare() -> Result<(), StorageError> {
    let config = OpfsSAHPoolCfgBuilder::new().directory(FOLDER).initial_capacity(FILES).build();
    let pool = install::<WasmOsCallback>(&config, true).await?;
    POOL.with(|held| *held.borrow_mut() = Some(pool));
    Ok(())
}

/// The folder, held as long as this lives.
#[derive(Debug)]
pub(crate) struct Home {
    path: PathBuf,
    files: Connection,
}

fn failed(path: &Path) -> impl Fn(OpfsSAHError) -> ReplicaError {
    move |error| ReplicaError::File { path: path.to_owned(), error: std::io::Error::other(error.to_string()) }
}

/// Removes a file of the pool, if it is there.
fn remove_file(path: &Path) -> Result<(), ReplicaError> {
    let name = path.to_string_lossy();
    let removed = POOL.with(|held| held.borrow().as_ref().map(|pool| pool.remove(&name)));
    match removed {
        Some(removed) => removed.map(drop).map_err(failed(path)),
        None => Err(failed(path)(OpfsSAHError::NotSupported)),
    }
}

fn has_file(path: &Path) -> bool {
    let name = path.to_string_lossy();
    POOL.with(|held| held.borrow().as_ref().is_some_and(|pool| pool.contains(&name).unwrap_or(false)))
}

impl Home {
    /// Opens a folder that holds a replica.
    pub(crate) fn open(path: &Path) -> Result<Self, ReplicaError> {
        if !has_file(&path.join(HOME)) {
            return Err(ReplicaError::NotEnrolled(path.to_owned()));
        }
        let home = Self::at(path)?;
        if home.text(WIPED)?.is_some() {
            home.finish_wiping()?;
            return Err(ReplicaError::Wiped(path.to_owned()));
        }
        if home.text(DATABASE)?.is_none() { Err(ReplicaError::NotEnrolled(path.to_owned())) } else { Ok(home) }
    }

    /// Makes a folder for a new replica.
    pub(crate) fn create(path: &Path) -> Result<Self, ReplicaError> {
        let home = Self::at(path)?;
        home.finish_wiping()?;
        match home.text(DATABASE)? {
            Some(_) => Err(ReplicaError::AlreadyEnrolled(path.to_owned())),
            None => Ok(home),
        }
    }

    /// The folder.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Where the database is.
    pub(crate) fn database(&self) -> PathBuf {
        let name = self.text(DATABASE).ok().flatten();
        self.file(name.as_deref().unwrap_or("replica.db"))
    }

    /// Nothing here tells one file from a copy of it: what a copy has written is told by the server.
    pub(in crate::replica) fn file_number(_: &Path) -> Result<Option<i64>, ReplicaError> {
        Ok(None)
    }

    /// Where a file of the folder is.
    pub(in crate::replica) fn file(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    /// Names a database that is not the replica's yet. What an attempt before has left of one goes.
    pub(in crate::replica) fn unfinished_database(&self) -> Result<PathBuf, ReplicaError> {
        let name =
            if self.text(DATABASE)?.as_deref() == Some("replica-1.db") { "replica-2.db" } else { "replica-1.db" };
        self.remove_database(name)?;
        self.write(UNFINISHED, name.as_bytes())?;
        Ok(self.file(name))
    }

    /// The unfinished database, closed and durable, becomes the replica's; what was there before goes.
    pub(in crate::replica) fn finish_database(&self) -> Result<(), ReplicaError> {
        let name = self.text(UNFINISHED)?.ok_or(ReplicaError::Damaged(HOME))?;
        let before = self.text(DATABASE)?;
        self.write(DATABASE, name.as_bytes())?;
        self.remove(UNFINISHED)?;
        before.filter(|before| *before != name).map_or(Ok(()), |before| self.remove_database(&before))
    }

    /// The bytes of a small file; none when it is not there.
    pub(in crate::replica) fn read(&self, name: &str) -> Result<Option<Vec<u8>>, ReplicaError> {
        let mut select = self.files.prepare_cached("SELECT bytes FROM file WHERE name = ?1")?;
        Ok(select.query_row([name], |row| row.get(0)).optional()?)
    }

    /// Writes a small file: whole and durable when this returns; before, the one that was there is.
    pub(in crate::replica) fn write(&self, name: &str, bytes: &[u8]) -> Result<(), ReplicaError> {
        self.files.execute("INSERT OR REPLACE INTO file (name, bytes) VALUES (?1, ?2)", params![name, bytes])?;
        Ok(())
    }

    /// Removes a small file, if it is there.
    pub(in crate::replica) fn remove(&self, name: &str) -> Result<(), ReplicaError> {
        self.files.execute("DELETE FROM file WHERE name = ?1", [name])?;
        Ok(())
    }

    /// From here on the folder is one whose device was shut out, whatever happens.
    pub(crate) fn begin_wiping(&self) -> Result<(), ReplicaError> {
        self.write(WIPED, b"begun")
    }

    /// Forgets everything but the mark: keys first, then the database and what lies beside it.
    pub(crate) fn erase(&self) -> Result<(), ReplicaError> {
        let names = [self.text(DATABASE)?, self.text(UNFINISHED)?];
        self.files.execute("DELETE FROM file WHERE name NOT IN (?1, ?2, ?3)", [WIPED, DATABASE, UNFINISHED])?;
        names.iter().flatten().try_for_each(|name| self.remove_database(name))?;
        self.files.execute("DELETE FROM file WHERE name IN (?1, ?2)", [DATABASE, UNFINISHED])?;
        self.write(WIPED, b"done")
    }

    /// Another device is being made here: the folder is not the old one's any more.
    pub(crate) fn begin_anew(&self) -> Result<(), ReplicaError> {
        self.remove(WIPED)
    }

    /// A wiping that ended half way goes on.
    fn finish_wiping(&self) -> Result<(), ReplicaError> {
        if self.text(WIPED)?.as_deref() == Some("begun") { self.erase() } else { Ok(()) }
    }

    fn text(&self, name: &str) -> Result<Option<String>, ReplicaError> {
        let text = self.read(name)?.map(String::from_utf8).transpose();
        text.map_err(|_| ReplicaError::Damaged(HOME))
    }

    fn remove_database(&self, name: &str) -> Result<(), ReplicaError> {
        ["", "-journal", "-wal"].iter().try_for_each(|beside| remove_file(&self.file(&format!("{name}{beside}"))))
    }

    /// What is taken out is overwritten, in the journal, too, which goes at every commit.
    fn at(path: &Path) -> Result<Self, ReplicaError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let files = Connection::open_with_flags(path.join(HOME), flags)?;
        files.execute_batch(
            "PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = DELETE; PRAGMA synchronous = FULL;
             PRAGMA secure_delete = ON; PRAGMA temp_store = MEMORY;
             CREATE TABLE IF NOT EXISTS file (name TEXT PRIMARY KEY, bytes BLOB NOT NULL) WITHOUT ROWID;",
        )?;
        Ok(Self { path: path.to_owned(), files })
    }
}
