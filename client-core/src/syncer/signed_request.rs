//! One signed request and the head of its answer.

use std::cell::Cell;
use std::io::{BufReader, Read};
use std::rc::Rc;

use data_encoding::HEXLOWER;
use jiff::Timestamp;
use serde::Deserialize;
use sync::signed::RequestClaim;
use sync::wire::MEDIA_TYPE;

use super::error::SyncError;
use crate::replica::Replica;
use crate::transport::{Response, Transport};

/// The longest problem+json that is read.
const MAX_PROBLEM_BYTES: u64 = 64 * 1024;

/// What came of a request.
pub(super) enum Answer {
    /// A body that can be read, its content coding undone as it comes.
    Body(Body),
    /// The request's time is too far from the server's clock, which is this (milliseconds since 1970).
    Stale(i64),
}

/// A body on its way.
pub(super) struct Body {
    reader: Box<dyn Read>,
    travelled: Rc<Cell<u64>>,
}

impl Body {
    /// Bytes that have come so far, as they travelled.
    pub(super) fn travelled(&self) -> u64 {
        self.travelled.get()
    }
}

impl Read for Body {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        self.reader.read(buffer)
    }
}

/// Counts what passes.
struct Counted<R> {
    inner: R,
    travelled: Rc<Cell<u64>>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let n = self.inner.read(buffer)?;
        self.travelled.set(self.travelled.get() + n as u64);
        Ok(n)
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

/// Sends a sync request, already encoded and compressed.
pub(super) fn post(
    replica: &Replica,
    transport: &mut dyn Transport,
    path: &str,
    body: &[u8],
    device_time: Timestamp,
) -> Result<Answer, SyncError> {
    let [device, time, signature] = signature(replica, "POST", path, body, device_time)?;
    let headers = [
        ("content-type", MEDIA_TYPE),
        ("content-encoding", "zstd"),
        ("accept", MEDIA_TYPE),
        ("accept-encoding", "zstd"),
        ("x-langnghe-device", device.as_str()),
        ("x-langnghe-time", time.as_str()),
        ("x-langnghe-signature", signature.as_str()),
    ];
    answer(transport.post(path, &headers, body)?)
}

/// Asks for something to be done that is not a sync; the path says all.
pub(super) fn submit(
    replica: &Replica,
    transport: &mut dyn Transport,
    path: &str,
    device_time: Timestamp,
) -> Result<Answer, SyncError> {
    let [device, time, signature] = signature(replica, "POST", path, &[], device_time)?;
    let headers = [
        ("accept", "application/json"),
        ("x-langnghe-device", device.as_str()),
        ("x-langnghe-time", time.as_str()),
        ("x-langnghe-signature", signature.as_str()),
    ];
    answer(transport.post(path, &headers, &[])?)
}

/// Asks for something that is not a sync.
pub(super) fn get(
    replica: &Replica,
    transport: &mut dyn Transport,
    path: &str,
    device_time: Timestamp,
) -> Result<Answer, SyncError> {
    let [device, time, signature] = signature(replica, "GET", path, &[], device_time)?;
    let headers = [
        ("accept-encoding", "zstd"),
        ("x-langnghe-device", device.as_str()),
        ("x-langnghe-time", time.as_str()),
        ("x-langnghe-signature", signature.as_str()),
    ];
    answer(transport.get(path, &headers)?)
}

/// The device, the time, and the signature over both and the request.
fn signature(
    replica: &Replica,
    method: &str,
    path: &str,
    body: &[u8],
    device_time: Timestamp,
) -> Result<[String; 3], SyncError> {
    let device = replica.identity().device;
    let time = replica.clock(device_time)?.as_millisecond();
    let claim = RequestClaim { device, method, path, time, body };
    Ok([device.to_string(), time.to_string(), HEXLOWER.encode(&claim.sign(&replica.keys().signing))])
}

fn answer(response: Response) -> Result<Answer, SyncError> {
    if (200..300).contains(&response.status) {
        return Ok(Answer::Body(body(response)?));
    }
    match problem(response) {
        (401, Problem { kind, server_time: Some(time), .. }) if kind.ends_with("/stale") => Ok(Answer::Stale(time)),
        (status, problem) => Err(refused(status, &problem)),
    }
}

/// Reads a whole answer that is not a stream.
pub(super) fn whole(response: Response, limit: u64) -> Result<Vec<u8>, SyncError> {
    match answer(response)? {
        Answer::Body(body) => all_of(body, limit),
        Answer::Stale(_) => Err(SyncError::Protocol("401 stale".to_owned())),
    }
}

/// The rest of a body, up to a limit.
pub(super) fn all_of(body: Body, limit: u64) -> Result<Vec<u8>, SyncError> {
    let mut bytes = Vec::new();
    body.take(limit + 1).read_to_end(&mut bytes).map_err(|_| SyncError::Cut)?;
    if bytes.len() as u64 > limit {
        return Err(SyncError::Protocol(format!("> {limit} byte")));
    }
    Ok(bytes)
}

fn body(response: Response) -> Result<Body, SyncError> {
    let coding = response.header("content-encoding").unwrap_or("identity").trim().to_ascii_lowercase();
    let travelled = Rc::new(Cell::new(0));
    let counted = Counted { inner: response.body, travelled: Rc::clone(&travelled) };
    let reader: Box<dyn Read> = match coding.as_str() {
        "identity" | "" => Box::new(BufReader::new(counted)),
        "zstd" => Box::new(zstd::stream::read::Decoder::new(counted).map_err(|_| SyncError::Cut)?),
        other => return Err(SyncError::Protocol(format!("content-encoding {other}"))),
    };
    Ok(Body { reader, travelled })
}

fn problem(response: Response) -> (u16, Problem) {
    let status = response.status;
    let mut bytes = Vec::new();
    let read = body(response).is_ok_and(|b| b.take(MAX_PROBLEM_BYTES).read_to_end(&mut bytes).is_ok());
    let problem = if read { serde_json::from_slice(&bytes).unwrap_or_default() } else { Problem::default() };
    (status, problem)
}

fn refused(status: u16, problem: &Problem) -> SyncError {
    let kind = problem.kind.rsplit('/').next().unwrap_or_default().to_owned();
    let detail = if problem.detail.is_empty() { problem.title.clone() } else { problem.detail.clone() };
    SyncError::Server { status, kind, detail }
}
