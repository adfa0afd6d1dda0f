//! The replica that lies in this browser: none, locked, or open.

use std::path::Path;

use client_core::app::{App, Fault, call};
use client_core::replica::{Replica, ReplicaError, StorageError, prepare};
use client_core::vault::Pin;
use serde_json::json;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::edge;
use crate::{json, thrown};

/// The replica's folder in the browser's private files.
pub(crate) const HOME: &str = "/replica";

/// The core of the app. One in a Worker, one Worker in a browser.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Core {
    pub(crate) replica: Option<Replica>,
}

fn storage(error: &StorageError) -> Fault {
    let key = match error {
        StorageError::Denied(_) => "storage-denied",
        StorageError::Held(_) => "storage-held",
        StorageError::Damaged(_) => "storage-damaged",
    };
    Fault::new(key, error.to_string())
}

#[wasm_bindgen]
impl Core {
    /// Takes hold of the browser's private files.
    pub async fn prepare() -> Result<Core, String> {
        prepare().await.map_err(|error| thrown(storage(&error)))?;
        Ok(Core { replica: None })
    }

    /// Opens the replica where that needs no PIN, and tells how it stands: `none`, `locked`, `open`, or `wiped` after this
    /// device was shut out.
    pub fn state(&mut self) -> Result<String, String> {
        if self.replica.is_none() {
            match self.open(None) {
                Ok(()) => {}
                Err(ReplicaError::NotEnrolled(_)) => return Ok(json(&json!({ "at": "none" }))),
                Err(ReplicaError::PinNeeded) => return Ok(json(&json!({ "at": "locked" }))),
                Err(ReplicaError::PinWait { wrong, wait }) => {
                    let line = ReplicaError::PinWait { wrong, wait }.to_string();
                    return Ok(json(&json!({ "at": "locked", "wait": wait.as_secs(), "line": line })));
                }
                Err(ReplicaError::Wiped(_)) => return Ok(json(&json!({ "at": "wiped" }))),
                Err(error) => return Err(thrown(error)),
            }
        }
        Ok(json(&json!({ "at": "open" })))
    }

    /// Opens the replica with its PIN.
    pub fn unlock(&mut self, pin: &str) -> Result<(), String> {
        if self.replica.is_some() {
            return Ok(());
        }
        self.open(Some(&Pin::typed(pin))).map_err(thrown)
    }

    /// Closes the replica where a PIN opens it again; gives whether it did.
    pub fn lock(&mut self) -> bool {
        if self.replica.as_ref().is_some_and(Replica::has_pin) {
            self.replica = None;
        }
        self.replica.is_none()
    }

    /// Does a call ([`client_core::app::call`]).
    pub fn call(&mut self, name: &str, post: Option<String>, body: &str) -> Result<String, String> {
        let replica = self.replica.as_mut().ok_or_else(closed)?;
        let mut chance = edge::random;
        let mut app = App::new(replica, edge::clock(), &mut chance).map_err(thrown)?;
        call(&mut app, name, post, body).map_err(thrown)
    }

    fn open(&mut self, pin: Option<&Pin>) -> Result<(), ReplicaError> {
        let replica = Replica::open(Path::new(HOME), pin, edge::clock(), &mut edge::random)?;
        self.replica = Some(replica);
        Ok(())
    }
}

/// There is no replica, or it is locked: the screen has fallen behind.
pub(crate) fn closed() -> String {
    thrown(Fault::new("closed", "dữ liệu trên máy đang khoá hoặc chưa có; hãy mở khoá hoặc đăng nhập lại"))
}
