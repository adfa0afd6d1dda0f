//! What black-box tests stand on: the two programs, a server on a free port, replicas in folders of their own, and devices
//! whose requests are made by hand.
#![allow(dead_code, unused_imports, reason = "every test binary uses its own part")]

mod binary;
mod browser;
mod canary;
mod device;
mod hosted;
mod link;
mod opened;
mod places;
mod replica;
mod server;
mod speech;
mod time;

pub use binary::Program;
pub use browser::play;
pub use canary::{Canary, Hit, canaries, files};
pub use device::{Answer, Device, Push, post};
pub use hosted::Hosted;
pub use link::{Fault, Link};
pub use opened::{database, decrypted, open_key, reopened};
pub use places::{TWO_COMMUNES, with_entrusted};
pub use replica::Replica;
pub use server::{Problem, Server};
pub use speech::speech;
pub use time::{Days, now, now_millis};

/// JSON as the programs print it.
pub type Json = serde_json::Value;

/// A text of a JSON object.
pub fn text<'a>(json: &'a Json, key: &str) -> &'a str {
    json[key].as_str().unwrap_or_else(|| panic!("`{key}` is no text in {json}"))
}

/// A number of a JSON object.
pub fn number(json: &Json, key: &str) -> u64 {
    json[key].as_u64().unwrap_or_else(|| panic!("`{key}` is no number in {json}"))
}

/// The items of a JSON list.
pub fn list(json: &Json) -> &[Json] {
    json.as_array().unwrap_or_else(|| panic!("no list: {json}"))
}

/// A line for people in a commune: Vietnamese, whatever codes and commands it names.
pub fn assert_vietnamese(line: &str) {
    const ENGLISH: &[&str] = &[
        "the", "is", "are", "was", "were", "of", "not", "and", "or", "has", "have", "its", "cannot", "must", "while",
        "which", "there", "that", "this", "with", "for", "one", "only", "already", "possible", "allowed", "does",
        "such", "known", "once", "written", "more", "bytes", "been",
    ];
    let words = line.split(|c: char| c.is_whitespace() || c.is_ascii_punctuation() && c != '-');
    let english: Vec<&str> = words.filter(|w| ENGLISH.contains(w)).collect();
    assert!(english.is_empty() && !line.is_ascii(), "not Vietnamese ({english:?}): {line}");
}

/// An error that a person can use: one line, not empty, nothing of a panic or of a debug format.
pub fn assert_one_line(error: &str) {
    let line = error.trim_end();
    assert!(!line.is_empty() && !line.contains('\n'), "not one line:\n{error}");
    for trace in ["panicked", "RUST_BACKTRACE", "unwrap()", "Error {", "Err("] {
        assert!(!line.contains(trace), "not a line for people: {line}");
    }
}

/// Copies the files of a folder over another, which then holds nothing else.
pub fn copy_folder(from: &std::path::Path, to: &std::path::Path) {
    let _ = std::fs::remove_dir_all(to);
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        let to = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_folder(&entry.path(), &to);
        } else {
            std::fs::copy(entry.path(), to).expect("a copy");
        }
    }
}
