//! `POST /v1/sync`: push, then a stream of frames.

use std::io::Write;

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri, header};
use axum::response::Response;
use sync::wire::MEDIA_TYPE;
use tokio::sync::mpsc;
use tokio_stream::StreamExt;
use tokio_stream::wrappers::ReceiverStream;

use super::auth::authenticate;
use super::forgotten::forget_again;
use super::state::App;
use crate::error::ServerError;
use crate::exchange::{Problem, contact, read_body};
use crate::feed::{Pull, Sink, pull};
use crate::ingest::ContactReply;

pub(super) async fn sync(
    State(app): State<App>,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Problem> {
    let device = authenticate(&app, "POST", &uri, &headers, &body).await?;
    let id = device.id;
    let coding = headers.get(header::CONTENT_ENCODING).and_then(|v| v.to_str().ok()).unwrap_or("identity");
    let (request, push) = read_body(app.tenant().id, &device, coding, &body)?;
    let contact = contact(app.keys(), app.tenant().id, device, &request, push);
    forget_again(&app, &request, &contact).await?;
    let reply = app.writer().contact(contact).await?;
    let coding = Coding::of(&headers);
    let (sender, receiver) = mpsc::channel::<Result<Bytes, std::io::Error>>(4);
    let responding = app.clone();
    let now = app.now();
    tokio::task::spawn_blocking(move || {
        let mut sink = Stream::new(sender, coding.is_some());
        let ContactReply { outcomes, device, tenant, persons, handlers } = reply;
        let done = responding.read_here(|conn| {
            let request = Pull {
                tenant: &tenant,
                keys: responding.keys(),
                device: &device,
                request: &request,
                outcomes,
                persons,
                handlers,
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
    if let Some(coding) = coding {
        response = response.header(coding.said_by(), "zstd");
    }
    // Whoever is shut out while the answer goes down gets no more of it: a cut link, and the next request says why.
    let asking = app.clone();
    let frames = ReceiverStream::new(receiver);
    let frames =
        frames.map(
            move |bytes| if asking.is_shut_out(id) { Err(std::io::ErrorKind::ConnectionAborted.into()) } else { bytes },
        );
    let response = response.body(Body::from_stream(frames));
    response.map_err(|_| Problem::from(ServerError::Closed))
}

/// Who undoes the compression of an answer.
#[derive(Clone, Copy)]
enum Coding {
    /// Whatever carries it, as HTTP has it.
    OnTheWay,
    /// The device itself: a page may neither ask for a content coding nor see one, for the browser does both.
    AtTheDevice,
}

/// By this header a device asks for compression that it undoes itself, and the answer says that it is.
const OWN_CODING: HeaderName = HeaderName::from_static("x-langnghe-coding");

impl Coding {
    /// What a request asks for; none where it asks for none.
    fn of(headers: &HeaderMap) -> Option<Self> {
        let zstd = |name: HeaderName| {
            let named = |v: &HeaderValue| v.to_str().is_ok_and(|v| v.split(',').any(|c| c.trim().starts_with("zstd")));
            headers.get_all(name).iter().any(named)
        };
        match (zstd(OWN_CODING), zstd(header::ACCEPT_ENCODING)) {
            (true, _) => Some(Self::AtTheDevice),
            (false, true) => Some(Self::OnTheWay),
            (false, false) => None,
        }
    }

    /// The header of the answer.
    fn said_by(self) -> HeaderName {
        match self {
            Self::OnTheWay => header::CONTENT_ENCODING,
            Self::AtTheDevice => OWN_CODING,
        }
    }
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
