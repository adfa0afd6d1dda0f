//! The app: its pages lie in the program itself, compressed.

use std::io::Read;

use sha2::{Digest, Sha256};

/// A file of the app.
#[derive(Debug, Clone, Copy)]
pub struct Page {
    /// As it is asked for, from the root.
    pub path: &'static str,
    /// Whether the bytes are compressed by brotli.
    brotli: bool,
    bytes: &'static [u8],
}

const PAGES: &[Page] = include!(concat!(env!("OUT_DIR"), "/pages.rs"));

/// What was built into this program; nothing where the app was not built before it.
pub fn find(path: &str) -> Option<&'static Page> {
    let path = if path == "/" { "/index.html" } else { path };
    PAGES.iter().find(|page| page.path == path)
}

/// Whether this program has the app in it.
pub fn are_here() -> bool {
    !PAGES.is_empty()
}

impl Page {
    /// Its bytes as they lie here, and whether they are compressed by brotli.
    pub fn stored(&self) -> (&'static [u8], bool) {
        (self.bytes, self.brotli)
    }

    /// Its bytes as they are.
    pub fn plain(&self) -> Vec<u8> {
        if !self.brotli {
            return self.bytes.to_vec();
        }
        let mut plain = Vec::new();
        // Compressed by the project's own build: what cannot be read would have failed every test.
        let _ = brotli_decompressor::Decompressor::new(self.bytes, 4096).read_to_end(&mut plain);
        plain
    }

    /// The media type by the name's ending.
    pub fn media_type(&self) -> &'static str {
        match self.path.rsplit('.').next() {
            Some("html") => "text/html; charset=utf-8",
            Some("js") => "text/javascript; charset=utf-8",
            Some("css") => "text/css; charset=utf-8",
            Some("wasm") => "application/wasm",
            Some("svg") => "image/svg+xml",
            Some("png") => "image/png",
            Some("webmanifest") => "application/manifest+json",
            Some("json") => "application/json",
            _ => "text/plain; charset=utf-8",
        }
    }

    /// Its name says what is in it: it never changes.
    pub fn is_immutable(&self) -> bool {
        self.path.starts_with("/assets/")
    }

    /// Tells one content from another.
    pub fn etag(&self) -> String {
        let sum = Sha256::digest(self.bytes);
        format!("\"{}\"", data_encoding::HEXLOWER.encode(&sum[..12]))
    }
}
