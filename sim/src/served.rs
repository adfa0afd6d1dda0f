//! The server without its sockets: one request in, one answer out.

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use server::exchange::{Problem, Signed, asked_by, exchange, exchange_bundle};
use server::ingest::Ledger;
use server::keys::ServerKeys;
use server::store;

/// An open database and its keys.
pub struct Served {
    data: PathBuf,
    keys: ServerKeys,
    ledger: Option<Ledger>,
}

/// A request as it travels.
#[derive(Debug, Clone)]
pub struct Letter {
    /// Device, time, signature.
    pub headers: [String; 3],
    /// zstd.
    pub body: Vec<u8>,
}

fn open(data: &Path) -> Ledger {
    Ledger::new(store::open(data).expect("the database opens")).expect("a ledger")
}

impl Served {
    /// Over a data folder.
    pub fn open(data: &Path) -> Self {
        let keys = ServerKeys::read(data).expect("keys");
        Self { data: data.to_owned(), keys, ledger: Some(open(data)) }
    }

    /// The ledger.
    pub fn ledger(&mut self) -> &mut Ledger {
        self.ledger.as_mut().expect("the server is up")
    }

    /// It dies, and is started again: what was only in its memory is gone.
    pub fn restart(&mut self) {
        self.ledger = None;
        self.ledger = Some(open(&self.data));
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

    /// `POST /v1/bundle`.
    pub fn bundle(&mut self, file: &[u8], now: Timestamp) -> Result<Vec<u8>, Problem> {
        let keys = self.keys.clone();
        exchange_bundle(self.ledger(), &keys, file, now)
    }

    /// Does something to a database that is put back afterwards as it was: what a server that answers before it commits
    /// leaves when it dies.
    pub fn and_forget<T>(&mut self, what: impl FnOnce(&mut Self) -> T) -> T {
        self.ledger = None;
        let names = ["langnghe.db", "langnghe.db-wal", "langnghe.db-shm"];
        let kept = names.map(|name| std::fs::read(self.data.join(name)).ok());
        self.ledger = Some(open(&self.data));
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
        self.ledger = Some(open(&self.data));
        done
    }
}
