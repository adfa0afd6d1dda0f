//! The file of checkpoints, `journal/audit`: only ever written at its end, forced to the disk.

use std::fs::{File, OpenOptions};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use rusqlite::Connection;

use super::checkpoint::Checkpoint;
use crate::error::ServerError;
use crate::keys::ServerKeys;
use crate::{life, store};

const NAME: &str = "audit";
/// A checkpoint is shorter.
const TAIL_BYTES: u64 = 2048;

/// The open file, this process's alone until it is closed.
#[derive(Debug)]
struct Anchor {
    path: PathBuf,
    file: File,
    length: u64,
}

impl Anchor {
    /// Of a data folder. Half a line, as a loss of power leaves it, is cut off.
    fn open(data: &Path) -> Result<Self, ServerError> {
        let path = life::folder(data)?.join(NAME);
        let opened = OpenOptions::new().create(true).read(true).append(true).open(&path);
        let failed = |e| ServerError::file(&path, e);
        let file = opened.map_err(failed)?;
        file.lock().map_err(failed)?;
        let length = file.metadata().map_err(failed)?.len();
        let mut anchor = Self { path, file, length };
        loop {
            let tail = anchor.tail()?;
            let half = tail.iter().rposition(|b| *b == b'\n').map_or(tail.len(), |end| tail.len() - end - 1);
            if half == 0 {
                return Ok(anchor);
            }
            anchor.length -= half as u64;
            let cut = anchor.file.set_len(anchor.length).and_then(|()| anchor.file.sync_data());
            cut.map_err(|e| ServerError::file(&anchor.path, e))?;
        }
    }

    fn from(&mut self, start: u64) -> Result<Vec<u8>, ServerError> {
        let mut text = Vec::new();
        let read = self.file.seek(SeekFrom::Start(start)).and_then(|_| self.file.read_to_end(&mut text));
        read.map_err(|e| ServerError::file(&self.path, e))?;
        Ok(text)
    }

    fn tail(&mut self) -> Result<Vec<u8>, ServerError> {
        self.from(self.length.saturating_sub(TAIL_BYTES))
    }

    /// The last line as it is kept; none in an empty file.
    fn last(&mut self) -> Result<Option<Vec<u8>>, ServerError> {
        Ok(lines(&self.tail()?).last().map(<[u8]>::to_vec))
    }

    /// The last line of the audit up to which the database has what is confirmed.
    fn shared(&mut self, conn: &Connection) -> Result<i64, ServerError> {
        let text = self.from(0)?;
        let mut standing = Vec::<Checkpoint>::new();
        for checkpoint in lines(&text).filter_map(Checkpoint::read) {
            while standing.pop_if(|last| last.line > checkpoint.after).is_some() {}
            standing.push(checkpoint);
        }
        for checkpoint in standing.iter().rev() {
            if store::audit_chain(conn, checkpoint.line)? == Some(checkpoint.chain) {
                return Ok(checkpoint.line);
            }
        }
        Ok(0)
    }

    fn append(&mut self, mut text: Vec<u8>) -> Result<(), ServerError> {
        text.push(b'\n');
        let written = self.file.write_all(&text).and_then(|()| self.file.sync_data());
        written.map_err(|e| ServerError::file(&self.path, e))
    }
}

/// The whole lines of a text.
pub(super) fn lines(text: &[u8]) -> impl DoubleEndedIterator<Item = &[u8]> {
    let whole = text.iter().rposition(|b| *b == b'\n').map_or(0, |end| end);
    text[..whole].split(|b| *b == b'\n').filter(|line| !line.is_empty())
}

/// What the file holds; none where there is no file. Nothing is changed.
pub(super) fn read(data: &Path) -> Result<Option<Vec<u8>>, ServerError> {
    let path = data.join(life::FOLDER).join(NAME);
    match std::fs::read(&path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(ServerError::file(&path, error)),
    }
}

/// Whether the database lacks lines that were confirmed, and never had them: it is older than it once was.
pub fn is_behind(data: &Path, conn: &Connection) -> Result<bool, ServerError> {
    let path = data.join(life::FOLDER).join(NAME);
    let Ok(mut file) = File::open(&path) else { return Ok(false) };
    let mut text = Vec::new();
    let length = file.metadata().map_err(|e| ServerError::file(&path, e))?.len();
    let found = file.seek(SeekFrom::Start(length.saturating_sub(TAIL_BYTES))).and_then(|_| file.read_to_end(&mut text));
    found.map_err(|e| ServerError::file(&path, e))?;
    let last = lines(&text).next_back().and_then(Checkpoint::read);
    let (line, _) = store::audit_head(conn)?;
    Ok(last.is_some_and(|last| last.line > line) && store::audit_counted(conn)? == line)
}

/// Confirms the lines that were committed since the last checkpoint, with one write to the disk for all of them; where nothing
/// is new nothing is written. Only what is committed is confirmed, so the file is never ahead of a database that was not put
/// back or cut.
pub fn confirm(data: &Path, conn: &Connection, now: Timestamp) -> Result<(), ServerError> {
    let key = ServerKeys::read_receipt(data)?;
    // First the file's lock, then the database: who comes later has seen more.
    let mut anchor = Anchor::open(data)?;
    let tx = conn.unchecked_transaction()?;
    let tenant = store::read_tenant(&tx)?;
    let (line, chain) = store::audit_head(&tx)?;
    let text = anchor.last()?;
    let last = text.as_deref().map(|text| Checkpoint::read(text).ok_or_else(unreadable)).transpose()?;
    let after = match last {
        None => 0,
        Some(last) if (last.life, last.line, last.chain) == (tenant.epoch, line, chain) => return Ok(()),
        Some(last) if store::audit_chain(&tx, last.line)? == Some(last.chain) => last.line,
        Some(last) => {
            let shared = anchor.shared(&tx)?;
            if last.life == tenant.epoch {
                tracing::error!(shared, confirmed = last.line, "the audit is not the one that was confirmed last");
            } else {
                tracing::warn!(shared, confirmed = last.line, "lines of the audit were lost with the former database");
            }
            shared
        }
    };
    let checkpoint = Checkpoint { life: tenant.epoch, after, line, at: now.as_millisecond(), chain };
    anchor.append(checkpoint.text(tenant.id, text.as_deref(), &key)?)
}

/// The same where what is to be confirmed has been done already: the next one confirms it as well.
pub fn confirm_or_warn(data: &Path, conn: &Connection, now: Timestamp) {
    if let Err(error) = confirm(data, conn, now) {
        tracing::error!(%error, "the audit could not be confirmed in journal/audit");
    }
}

fn unreadable() -> ServerError {
    ServerError::Command(
        "the last line of journal/audit cannot be read, so nothing new is confirmed: look with `langnghe-server audit \
         verify`, keep the file elsewhere as evidence and put back its copy, or none"
            .to_owned(),
    )
}
