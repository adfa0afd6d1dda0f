//! How requests reach the server where a program may wait for them: HTTP natively, something else in a test.

#[cfg(feature = "cli")]
mod http;

use std::io::Read;

#[cfg(feature = "cli")]
pub use http::HttpTransport;

/// An answer; its body is read as it comes.
pub struct Response {
    /// HTTP status.
    pub status: u16,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    /// As it travels, content coding and all.
    pub body: Box<dyn Read>,
}

impl std::fmt::Debug for Response {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Response").field("status", &self.status).field("headers", &self.headers).finish_non_exhaustive()
    }
}

impl Response {
    /// A header's value.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }
}

/// Why no answer came.
#[derive(Debug, thiserror::Error)]
#[error("{detail}")]
pub struct TransportError {
    /// For people.
    pub detail: String,
}

/// Carries one request and its answer. A path begins with `/` and is signed as given.
pub trait Transport {
    /// POST.
    fn post(&mut self, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Result<Response, TransportError>;
    /// GET.
    fn get(&mut self, path: &str, headers: &[(&str, &str)]) -> Result<Response, TransportError>;
}
