//! The wire between a device and the server, and what goes wrong on it.

use std::io::Cursor;

use client_core::transport::{Response, Transport, TransportError};
use jiff::Timestamp;
use rand::{Rng, RngExt};
use server::exchange::Problem;
use sync::wire::{Frame, read_length_prefix};

use crate::served::{Letter, Served};

/// What goes wrong with the first request of a sync.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Nothing.
    None,
    /// It does not arrive.
    Lost,
    /// It arrives, the answer does not.
    AnswerLost,
    /// It arrives twice.
    Doubled,
    /// It arrives some time later, when nobody waits for the answer any more.
    Late,
    /// The answer is cut at a part of its length, in thousandths.
    Cut(usize),
    /// The server dies before it has committed.
    ServerDies,
}

impl Fault {
    /// One of them; half the time none.
    pub fn draw(chance: &mut impl Rng) -> Self {
        match chance.random_range(0..14) {
            0 => Self::Lost,
            1 => Self::AnswerLost,
            2 => Self::Doubled,
            3 => Self::Late,
            4 | 5 => Self::Cut(chance.random_range(0..1000)),
            6 => Self::ServerDies,
            _ => Self::None,
        }
    }
}

/// One sync's wire.
pub struct Wire<'a> {
    pub served: &'a mut Served,
    pub now: Timestamp,
    pub fault: Fault,
    /// Requests that arrive later.
    pub late: &'a mut Vec<Letter>,
    /// A server that answers before it commits.
    pub hasty: bool,
    /// The cursor of the first frame that was cut off, for a replica that would have moved it already.
    pub cut_cursor: Option<Vec<u8>>,
}

fn down() -> TransportError {
    TransportError { detail: "the simulated link is down".to_owned() }
}

fn answer(answered: Result<Vec<u8>, Problem>) -> Response {
    match answered {
        Ok(frames) => Response { status: 200, headers: Vec::new(), body: Box::new(Cursor::new(frames)) },
        Err(problem) => {
            let body = serde_json::to_vec(&problem).expect("JSON");
            Response { status: problem.status(), headers: Vec::new(), body: Box::new(Cursor::new(body)) }
        }
    }
}

/// The cursor of the first frame that does not lie wholly within the first bytes, as a replica keeps it.
fn cut_off(frames: &[u8], within: usize) -> Option<Vec<u8>> {
    let mut at = 0;
    while let Some(prefix) = frames.get(at..at + 4) {
        let length = read_length_prefix(prefix.try_into().ok()?).ok()?;
        let end = at + 4 + length;
        if end > within {
            let frame = Frame::decode(frames.get(at + 4..end)?).ok()?;
            return frame.cursor.and_then(|c| minicbor::to_vec(c).ok());
        }
        at = end;
    }
    None
}

/// Device, time, signature.
fn signed(headers: &[(&str, &str)]) -> [String; 3] {
    let header = |name: &str| headers.iter().find(|(n, _)| *n == name).map_or("", |(_, v)| v).to_owned();
    ["x-langnghe-device", "x-langnghe-time", "x-langnghe-signature"].map(header)
}

impl Transport for Wire<'_> {
    fn post(&mut self, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Result<Response, TransportError> {
        assert_eq!(path, "/v1/sync");
        let letter = Letter { headers: signed(headers), body: body.to_vec() };
        match std::mem::replace(&mut self.fault, Fault::None) {
            Fault::None => Ok(answer(self.served.sync(&letter, self.now))),
            Fault::Lost => Err(down()),
            Fault::AnswerLost => {
                let _ = self.served.sync(&letter, self.now);
                Err(down())
            }
            Fault::Doubled => {
                let _ = self.served.sync(&letter, self.now);
                Ok(answer(self.served.sync(&letter, self.now)))
            }
            Fault::Late => {
                self.late.push(letter);
                Err(down())
            }
            Fault::Cut(part) => {
                let mut answered = self.served.sync(&letter, self.now);
                if let Ok(frames) = &mut answered {
                    let within = frames.len() * part / 1000;
                    self.cut_cursor = cut_off(frames, within);
                    frames.truncate(within);
                }
                Ok(answer(answered))
            }
            Fault::ServerDies if self.hasty => {
                let now = self.now;
                Ok(answer(self.served.and_forget(now, |served| served.sync(&letter, now))))
            }
            Fault::ServerDies => {
                self.served.restart(self.now);
                Err(down())
            }
        }
    }

    fn get(&mut self, path: &str, headers: &[(&str, &str)]) -> Result<Response, TransportError> {
        let letter = Letter { headers: signed(headers), body: Vec::new() };
        Ok(answer(self.served.look(path, &letter, self.now)))
    }
}
