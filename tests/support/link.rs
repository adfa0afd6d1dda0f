//! A link to the server that fails once in a chosen way.

use std::io::Read;

use client_core::transport::{HttpTransport, Response, Transport, TransportError};

/// What goes wrong with the next request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Nothing.
    None,
    /// It does not leave the device.
    Down,
    /// The server has it, its answer is lost.
    AnswerLost,
    /// The server gets it twice; the second answer comes.
    SentTwice,
    /// The answer is cut after so many bytes.
    Cut(u64),
}

/// The link.
pub struct Link {
    inner: HttpTransport,
    next: Fault,
}

impl Link {
    /// To a server, with a fault in the first request.
    pub fn new(url: &str, fault: Fault) -> Self {
        Self { inner: HttpTransport::new(url), next: fault }
    }
}

fn lost() -> TransportError {
    TransportError { detail: "the test's link is down".to_owned() }
}

fn read_whole(answer: Response) {
    let mut body = answer.body;
    let _ = std::io::copy(&mut body, &mut std::io::sink());
}

impl Transport for Link {
    fn post(&mut self, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Result<Response, TransportError> {
        match std::mem::replace(&mut self.next, Fault::None) {
            Fault::None => self.inner.post(path, headers, body),
            Fault::Down => Err(lost()),
            Fault::AnswerLost => {
                read_whole(self.inner.post(path, headers, body)?);
                Err(lost())
            }
            Fault::SentTwice => {
                read_whole(self.inner.post(path, headers, body)?);
                self.inner.post(path, headers, body)
            }
            Fault::Cut(after) => {
                let answer = self.inner.post(path, headers, body)?;
                Ok(Response { body: Box::new(answer.body.take(after)), ..answer })
            }
        }
    }

    fn get(&mut self, path: &str, headers: &[(&str, &str)]) -> Result<Response, TransportError> {
        self.inner.get(path, headers)
    }
}
