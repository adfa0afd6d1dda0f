//! The answer to one request as it comes: its head, and its body with the content coding undone piece by piece.

use serde::Deserialize;
use zstd::stream::raw::{Decoder as Zstd, Operation};

use super::error::SyncError;
use super::exchange::{Ended, Read};

/// The longest problem+json that is read.
const MAX_PROBLEM_BYTES: usize = 64 * 1024;
/// So much is decoded at once: a few bytes of zstd may stand for very many.
const DECODED_AT_ONCE: usize = 128 * 1024;

/// Undoes a content coding, as far as bytes have come.
pub(super) enum Decoder {
    /// None.
    Identity,
    /// zstd: what is decoded goes through the buffer. `full`: there may be more of it without another byte. `whole`: what has
    /// come ends where a frame of zstd ends.
    Zstd { raw: Box<Zstd<'static>>, buffer: Vec<u8>, full: bool, whole: bool },
}

impl Decoder {
    /// By the headers of an answer: `content-encoding`, or, where whatever carries requests undoes that by itself,
    /// `x-langnghe-coding`.
    fn of(headers: &[(String, String)]) -> Result<Self, SyncError> {
        let mut zstd = false;
        for (name, coding) in headers {
            if name != "content-encoding" && name != "x-langnghe-coding" {
                continue;
            }
            match coding.trim().to_ascii_lowercase().as_str() {
                "identity" | "" => {}
                "zstd" => zstd = true,
                other => return Err(SyncError::Protocol(format!("{name} {other}"))),
            }
        }
        if zstd { Self::zstd() } else { Ok(Self::Identity) }
    }

    /// Of zstd.
    pub(super) fn zstd() -> Result<Self, SyncError> {
        let raw = Box::new(Zstd::new().map_err(|_| SyncError::Cut)?);
        Ok(Self::Zstd { raw, buffer: vec![0; DECODED_AT_ONCE], full: false, whole: true })
    }

    /// Decodes the next of `bytes`, at most so much at once, to the end of `out`. Tells whether there may be more; the error is
    /// that they cannot be decoded.
    pub(super) fn decode(&mut self, bytes: &mut &[u8], out: &mut Vec<u8>) -> Result<bool, SyncError> {
        match self {
            Self::Identity => {
                let (now, later) = bytes.split_at(bytes.len().min(DECODED_AT_ONCE));
                out.extend_from_slice(now);
                *bytes = later;
                Ok(!later.is_empty())
            }
            Self::Zstd { raw, buffer, full, whole } => {
                if bytes.is_empty() && !*full {
                    return Ok(false);
                }
                let status = raw.run_on_buffers(bytes, buffer).map_err(|_| SyncError::Cut)?;
                *bytes = bytes.get(status.bytes_read..).unwrap_or_default();
                let decoded = buffer.get(..status.bytes_written).unwrap_or_default();
                out.extend_from_slice(decoded);
                *full = decoded.len() == buffer.len();
                *whole = status.remaining == 0;
                Ok(*full || !bytes.is_empty())
            }
        }
    }

    fn is_whole(&self) -> bool {
        match self {
            Self::Identity => true,
            Self::Zstd { whole, .. } => *whole,
        }
    }
}

/// RFC 9457.
#[derive(Debug, Default, Deserialize)]
struct Problem {
    #[serde(default, rename = "type")]
    kind: String,
    #[serde(default)]
    title: String,
    #[serde(default)]
    detail: String,
    #[serde(default)]
    server_time: Option<i64>,
}

/// What an answer is, by its head.
pub(super) enum Head {
    /// What was asked for; its body is read by this.
    Good(Decoder),
    /// Something else.
    Bad(Bad),
}

/// Reads the head of an answer.
pub(super) fn head(status: u16, headers: &[(String, String)]) -> Result<Head, SyncError> {
    let decoder = Decoder::of(headers);
    if (200..300).contains(&status) {
        return decoder.map(Head::Good);
    }
    let gathering = decoder.ok().map(|decoder| Gathering { decoder, bytes: Vec::new(), most: MAX_PROBLEM_BYTES });
    Ok(Head::Bad(Bad { status, gathering }))
}

/// An answer that says why not, as it comes.
pub(super) struct Bad {
    status: u16,
    /// None where its words cannot be read.
    gathering: Option<Gathering>,
}

/// Why not.
pub(super) enum WhyNot {
    /// The request's time is too far from the server's clock, which is this (milliseconds since 1970).
    Stale(i64),
    /// Anything else.
    Refused(SyncError),
}

impl Bad {
    /// More of it. Beyond what is read of a problem nothing more is expected.
    pub(super) fn body(&mut self, bytes: &[u8]) -> Read {
        match self.gathering.as_mut().map(|gathering| gathering.body(bytes)) {
            Some(Ok(())) => Read::On,
            Some(Err(_)) | None => {
                self.gathering = None;
                Read::Enough
            }
        }
    }

    /// It has ended.
    pub(super) fn why(self, ended: &Ended) -> WhyNot {
        let bytes = self.gathering.and_then(|gathering| gathering.all(ended).ok()).unwrap_or_default();
        let problem: Problem = serde_json::from_slice(&bytes).unwrap_or_default();
        match (self.status, problem) {
            (401, Problem { kind, server_time: Some(time), .. }) if kind.ends_with("/stale") => WhyNot::Stale(time),
            (status, Problem { kind, title, detail, .. }) => WhyNot::Refused(SyncError::Server {
                status,
                kind: kind.rsplit('/').next().unwrap_or_default().to_owned(),
                detail: if detail.is_empty() { title } else { detail },
            }),
        }
    }
}

/// A body that is gathered whole.
struct Gathering {
    decoder: Decoder,
    bytes: Vec<u8>,
    most: usize,
}

impl Gathering {
    fn body(&mut self, mut bytes: &[u8]) -> Result<(), SyncError> {
        loop {
            let more = self.decoder.decode(&mut bytes, &mut self.bytes)?;
            if self.bytes.len() > self.most {
                return Err(SyncError::Protocol(format!("> {} byte", self.most)));
            }
            if !more {
                return Ok(());
            }
        }
    }

    fn all(self, ended: &Ended) -> Result<Vec<u8>, SyncError> {
        match ended {
            Ended::Whole if self.decoder.is_whole() => Ok(self.bytes),
            _ => Err(SyncError::Cut),
        }
    }
}

/// The whole answer to one request that is no sync.
pub(super) struct WholeAnswer {
    most: usize,
    came: Came,
}

enum Came {
    /// No head yet.
    Nothing,
    Good(Gathering),
    Bad(Bad),
}

impl WholeAnswer {
    /// Of at most so many bytes.
    pub(super) fn of(most: usize) -> Self {
        Self { most, came: Came::Nothing }
    }

    /// It begins.
    pub(super) fn head(&mut self, status: u16, headers: &[(String, String)]) -> Result<(), SyncError> {
        self.came = match head(status, headers)? {
            Head::Good(decoder) => Came::Good(Gathering { decoder, bytes: Vec::new(), most: self.most }),
            Head::Bad(bad) => Came::Bad(bad),
        };
        Ok(())
    }

    /// It goes on.
    pub(super) fn body(&mut self, bytes: &[u8]) -> Result<Read, SyncError> {
        match &mut self.came {
            Came::Nothing => Ok(Read::Enough),
            Came::Good(gathering) => gathering.body(bytes).map(|()| Read::On),
            Came::Bad(bad) => Ok(bad.body(bytes)),
        }
    }

    /// It has ended: the whole of it, or the server's time where the request was stale.
    pub(super) fn end(self, ended: Ended) -> Result<Result<Vec<u8>, i64>, SyncError> {
        match (self.came, ended) {
            (Came::Nothing, Ended::Unreachable(error)) => Err(error.into()),
            (Came::Nothing, _) => Err(SyncError::Cut),
            (Came::Good(gathering), ended) => gathering.all(&ended).map(Ok),
            (Came::Bad(bad), ended) => match bad.why(&ended) {
                WhyNot::Stale(time) => Ok(Err(time)),
                WhyNot::Refused(error) => Err(error),
            },
        }
    }
}
