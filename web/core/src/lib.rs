//! A replica of Lắng Nghe in a browser's Worker: JSON in, JSON out, over `client_core`.
//!
//! The Worker's script holds one `Core`. What it asks and what it gets are the calls of `client_core::app`; requests to the
//! server the core makes and reads itself, and the script only carries them (`Carried`).
#![cfg(target_family = "wasm")]

mod carried;
mod core;
mod edge;

use client_core::app::Fault;
use wasm_bindgen::prelude::wasm_bindgen;

pub use carried::{Carried, Request};
pub use core::Core;

/// What is said of a panic goes to the browser's console, without anybody's words.
#[wasm_bindgen(start)]
pub fn start() {
    console_error_panic_hook::set_once();
}

/// A fault as the scripts catch it: JSON.
fn thrown(fault: impl Into<Fault>) -> String {
    json(&fault.into())
}

/// Made of texts, numbers and lists: there always is one.
fn json(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).unwrap_or_else(|_| "null".to_owned())
}
