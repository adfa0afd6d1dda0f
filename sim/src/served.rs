//! The server without its sockets: one request in, one answer out.

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use server::exchange::{Problem, Signed, asked_by, exchange, exchange_bundle};
use server::ingest::Ledger;
use server::keys::ServerKeys;
use server::store::database_path;

/// An open database and its keys.
pub struct Served {
    data: PathBuf,
    keys: ServerKeys,
    ledger: Option<Ledger>,
    /// How often it has been started.
    lives: u64,
    /// An older copy of its database.
    copy: Option<Copied>,
}

/// What a copy holds: the database, and, where everything was copied, the mark and the checkpoints of the audit.
#[derive(Clone)]
struct Copied {
    database: Vec<u8>,
    mark: Vec<u8>,
    audit: Vec<u8>,
}

/// How a copy comes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// The database alone, beside its mark.
    SameMachine,
    /// On a machine that has only keys and the journal of devices.
    Elsewhere,
    /// With the mark of then: nothing at the server tells that it is a copy.
    Unnoticed,
}

/// A request as it travels.
#[derive(Debug, Clone)]
pub struct Letter {
    /// Device, time, signature.
    pub headers: [String; 3],
    /// zstd.
    pub body: Vec<u8>,
}

/// Chance of a world is its seed's; the server draws only when it begins another life, which must be another one each time.
fn open(data: &Path, now: Timestamp, lives: &mut u64) -> Ledger {
    *lives += 1;
    let mut chance = StdRng::seed_from_u64(*lives);
    let mut fill = |buffer: &mut [u8]| {
        chance.fill_bytes(buffer);
        Ok(())
    };
    Ledger::to_serve(data, now, &mut fill).expect("a ledger")
}

impl Served {
    /// Over a data folder.
    pub fn open(data: &Path, now: Timestamp) -> Self {
        let keys = ServerKeys::read(data).expect("keys");
        let mut lives = 0;
        let ledger = Some(open(data, now, &mut lives));
        Self { data: data.to_owned(), keys, ledger, lives, copy: None }
    }

    /// The ledger.
    pub fn ledger(&mut self) -> &mut Ledger {
        self.ledger.as_mut().expect("the server is up")
    }

    /// It dies, and is started again: what was only in its memory is gone.
    pub fn restart(&mut self, now: Timestamp) {
        self.ledger = None;
        self.ledger = Some(open(&self.data, now, &mut self.lives));
    }

    fn mark(&self) -> PathBuf {
        self.data.join("journal/position")
    }

    fn audit(&self) -> PathBuf {
        self.data.join("journal/audit")
    }

    /// Keeps a copy of the database, as a backup does: of the database alone.
    pub fn keep_copy(&mut self, now: Timestamp) {
        self.ledger = None;
        // Closing the last connection has put everything into the one file.
        let read = |path: PathBuf| std::fs::read(path).expect("a file");
        self.copy = Some(Copied {
            database: read(database_path(&self.data)),
            mark: read(self.mark()),
            audit: read(self.audit()),
        });
        self.ledger = Some(open(&self.data, now, &mut self.lives));
    }

    /// The disk is lost; the copy takes the database's place.
    pub fn put_back(&mut self, way: Way, now: Timestamp) -> bool {
        let Some(copy) = self.copy.clone() else { return false };
        self.ledger = None;
        for name in ["langnghe.db-wal", "langnghe.db-shm"] {
            let _ = std::fs::remove_file(self.data.join(name));
        }
        std::fs::write(database_path(&self.data), copy.database).expect("written");
        match way {
            Way::SameMachine => {}
            Way::Elsewhere => std::fs::remove_file(self.mark()).expect("there was a mark"),
            Way::Unnoticed => {
                std::fs::write(self.mark(), copy.mark).expect("written");
                std::fs::write(self.audit(), copy.audit).expect("written");
            }
        }
        self.ledger = Some(open(&self.data, now, &mut self.lives));
        true
    }

    /// `POST /v1/sync`.
    pub fn sync(&mut self, letter: &Letter, now: Timestamp) -> Result<Vec<u8>, Problem> {
        let headers = [0, 1, 2].map(|i| letter.headers[i].as_str());
        let signed = Signed::from_headers(headers, "POST", "/v1/sync", &letter.body)?;
        let keys = self.keys.clone();
        let device = asked_by(self.ledger(), &signed)?;
        signed.fresh(now)?;
        exchange(self.ledger(), &keys, device, "zstd", &letter.body, now)
    }

    /// A GET of something that says nothing: what is asked is whether the device may ask now.
    pub fn look(&mut self, path: &str, letter: &Letter, now: Timestamp) -> Result<Vec<u8>, Problem> {
        let headers = [0, 1, 2].map(|i| letter.headers[i].as_str());
        let signed = Signed::from_headers(headers, "GET", path, &letter.body)?;
        asked_by(self.ledger(), &signed)?;
        signed.fresh(now)?;
        Ok(b"[]".to_vec())
    }

    /// `POST /v1/bundle`.
    pub fn bundle(&mut self, file: &[u8], now: Timestamp) -> Result<Vec<u8>, Problem> {
        let keys = self.keys.clone();
        exchange_bundle(&self.data.clone(), self.ledger(), &keys, file, now)
    }

    /// Does something to a database that is put back afterwards as it was: what a server that answers before it commits
    /// leaves when it dies.
    pub fn and_forget<T>(&mut self, now: Timestamp, what: impl FnOnce(&mut Self) -> T) -> T {
        self.ledger = None;
        let names = ["langnghe.db", "langnghe.db-wal", "langnghe.db-shm", "journal/position"];
        let kept = names.map(|name| std::fs::read(self.data.join(name)).ok());
        self.ledger = Some(open(&self.data, now, &mut self.lives));
        let done = what(self);
        self.ledger = None;
        for (name, bytes) in names.iter().zip(kept) {
            let path = self.data.join(name);
            match bytes {
                Some(bytes) => std::fs::write(path, bytes).expect("written back"),
                None => {
                    let _ = std::fs::remove_file(path);
                }
            }
        }
        self.ledger = Some(open(&self.data, now, &mut self.lives));
        done
    }
}
