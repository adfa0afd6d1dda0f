//! `POST /v1/sync`: push, then a stream of frames.

use std::io::{Read, Write};

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::Response;
use sync::id::ActorId;
use sync::id::{Epoch, RecordId};
use sync::signed::SignedChange;
use sync::wire::{MAX_PUSH, MAX_REQUEST_BYTES, MEDIA_TYPE, PROTOCOL_VERSION, SyncRequest, Unstripper};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;

use super::auth::authenticate;
use super::problem::Problem;
use super::state::App;
use crate::error::ServerError;
use crate::feed::{Pull, Sink, pull};
use crate::ingest::Contact;
use crate::store::Device;

pub(super) async fn sync(
    State(app): State<App>,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Problem> {
    let device = authenticate(&app, "POST", &uri, &headers, &body).await?;
    let coding = headers.get(header::CONTENT_ENCODING).and_then(|v| v.to_str().ok()).unwrap_or("identity");
    let decoded = decode(coding, &body)?;
    let request: SyncRequest = minicbor::decode(&decoded)
        .map_err(|_| Problem::bad_request("frame", "the body is not a readable sync request"))?;
    if request.version != PROTOCOL_VERSION {
        let detail = format!(
            "the device speaks version {}, the server {PROTOCOL_VERSION}: update the older one",
            request.version
        );
        return Err(Problem::bad_request("version", detail));
    }
    if request.tenant != Some(app.tenant().id) {
        return Err(Problem::bad_request("tenant", "the device was enrolled with another tenant; check the address"));
    }
    let push = unstripped(&request, &device)?;
    let only_push = request.only_push == Some(true);
    let reply = app.writer().contact(Contact { device, cursor: request.cursor, push, only_push }).await?;
    let accepts_zstd = headers
        .get_all(header::ACCEPT_ENCODING)
        .iter()
        .any(|v| v.to_str().is_ok_and(|v| v.split(',').any(|c| c.trim().starts_with("zstd"))));
    let (sender, receiver) = mpsc::channel::<Result<Bytes, std::io::Error>>(4);
    let responding = app.clone();
    let now = app.now();
    tokio::task::spawn_blocking(move || {
        let mut sink = Stream::new(sender, accepts_zstd);
        let acks = reply.outcomes.into_iter().map(|o| o.ack).collect();
        let done = responding.read_here(|conn| {
            let request = Pull {
                tenant: responding.tenant(),
                key: &responding.keys().receipt,
                device: &reply.device,
                request: &request,
                acks,
                now,
            };
            pull(conn, request, &mut sink)
        });
        match done.and_then(|()| sink.end()) {
            Ok(()) | Err(ServerError::Closed) => {}
            Err(error) => {
                // The stream ends without its last frame: the device sees a cut link and asks again.
                tracing::error!(%error, "a response was not completed");
            }
        }
    });
    let mut response = Response::builder().status(StatusCode::OK).header(header::CONTENT_TYPE, MEDIA_TYPE);
    if accepts_zstd {
        response = response.header(header::CONTENT_ENCODING, "zstd");
    }
    let response = response.body(Body::from_stream(ReceiverStream::new(receiver)));
    response.map_err(|_| Problem::from(ServerError::Closed))
}

/// Undoes the content coding, never beyond what a request may have.
fn decode(coding: &str, body: &[u8]) -> Result<Vec<u8>, Problem> {
    let too_large = || {
        Problem::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "too-large",
            "The request is too large",
            format!("more than {MAX_REQUEST_BYTES} bytes when decoded; send it in parts"),
        )
    };
    let unreadable = || Problem::bad_request("coding", "the body's content coding cannot be undone");
    let mut decoded = Vec::new();
    let limit = MAX_REQUEST_BYTES as u64 + 1;
    match coding {
        "identity" => decoded.extend_from_slice(body),
        "zstd" => {
            let decoder = zstd::stream::read::Decoder::new(body).map_err(|_| unreadable())?;
            decoder.take(limit).read_to_end(&mut decoded).map_err(|_| unreadable())?;
        }
        "gzip" => {
            let decoder = flate2::read::GzDecoder::new(body);
            decoder.take(limit).read_to_end(&mut decoded).map_err(|_| unreadable())?;
        }
        _ => return Err(Problem::bad_request("coding", "the body's content coding is neither zstd nor gzip")),
    }
    if decoded.len() > MAX_REQUEST_BYTES { Err(too_large()) } else { Ok(decoded) }
}

/// The pushed changes, rebuilt whole.
fn unstripped(request: &SyncRequest, device: &Device) -> Result<Vec<SignedChange>, Problem> {
    let push = request.push.as_deref().unwrap_or_default();
    if push.len() > MAX_PUSH {
        let detail = format!("{} changes in one request; at most {MAX_PUSH}: send them in parts", push.len());
        return Err(Problem::bad_request("too-many", detail));
    }
    let unreadable = || Problem::bad_request("frame", "a pushed change cannot be read");
    let epochs: &[Epoch] = request.epochs.as_deref().unwrap_or_default();
    let mut unstripper = Unstripper::default();
    let mut last: Option<RecordId> = None;
    let mut changes = Vec::with_capacity(push.len());
    for pushed in push {
        let record = pushed.record.or(last).ok_or_else(unreadable)?;
        let epoch = *epochs.get(pushed.epoch as usize).ok_or_else(unreadable)?;
        let actor = ActorId::derive(&device.key, record, epoch);
        let (bytes, _) = unstripper.rebuild(record, actor, &pushed.body).map_err(|_| unreadable())?;
        changes.push(SignedChange { record, epoch, bytes, signature: *pushed.signature });
        last = Some(record);
    }
    Ok(changes)
}

/// Frames on their way to the device, compressed as one stream and flushed at the end of each.
struct Stream {
    sender: mpsc::Sender<Result<Bytes, std::io::Error>>,
    encoder: Option<zstd::stream::write::Encoder<'static, Vec<u8>>>,
}

/// Measured on petitions of 1 KB of Vietnamese: higher levels cost more time than they save bytes on the slowest links.
const ZSTD_LEVEL: i32 = 9;

impl Stream {
    fn new(sender: mpsc::Sender<Result<Bytes, std::io::Error>>, compress: bool) -> Self {
        let encoder = compress.then(|| zstd::stream::write::Encoder::new(Vec::new(), ZSTD_LEVEL).ok()).flatten();
        Self { sender, encoder }
    }

    fn pass_on(&self, bytes: Vec<u8>) -> Result<(), ServerError> {
        if bytes.is_empty() {
            return Ok(());
        }
        self.sender.blocking_send(Ok(bytes.into())).map_err(|_| ServerError::Closed)
    }

    fn end(mut self) -> Result<(), ServerError> {
        match self.encoder.take() {
            Some(encoder) => {
                let rest = encoder.finish().map_err(|_| ServerError::Closed)?;
                self.pass_on(rest)
            }
            None => Ok(()),
        }
    }
}

impl Sink for Stream {
    fn send(&mut self, frame: Vec<u8>) -> Result<(), ServerError> {
        let ready = match &mut self.encoder {
            Some(encoder) => {
                encoder.write_all(&frame).and_then(|()| encoder.flush()).map_err(|_| ServerError::Closed)?;
                std::mem::take(encoder.get_mut())
            }
            None => frame,
        };
        self.pass_on(ready)
    }
}
