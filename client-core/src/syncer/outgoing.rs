//! Requests on their way out: what a driver is given to send.

use data_encoding::HEXLOWER;
use jiff::Timestamp;
use sync::signed::RequestClaim;
use sync::wire::MEDIA_TYPE;

use super::error::SyncError;
use crate::replica::Replica;

/// How a request is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// GET.
    Get,
    /// POST.
    Post,
}

impl Method {
    /// As HTTP writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Method::Get => "GET",
            Method::Post => "POST",
        }
    }
}

/// A request to be sent, to the server that the device is enrolled with.
///
/// Where whatever carries it undoes content coding by itself, as a browser does, it sends `x-langnghe-coding: zstd` in the place of
/// `accept-encoding`, and hands on the answer's headers without `content-encoding`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outgoing {
    /// How.
    pub method: Method,
    /// Begins with `/`, with its query; signed as it is.
    pub path: String,
    /// Names in lower case.
    pub headers: Vec<(&'static str, String)>,
    /// As it travels.
    pub body: Vec<u8>,
}

impl Outgoing {
    /// A signed POST with a body of the protocol.
    pub(super) fn post(
        replica: &Replica,
        path: &str,
        body: Vec<u8>,
        device_time: Timestamp,
    ) -> Result<Self, SyncError> {
        let headers = [
            ("content-type", MEDIA_TYPE),
            ("content-encoding", "zstd"),
            ("accept", MEDIA_TYPE),
            ("accept-encoding", "zstd"),
        ];
        Self::plain(path, &headers, body).signed(replica, device_time)
    }

    /// A signed POST that asks for something to be done that is not a sync: the path says all.
    pub(super) fn submit(replica: &Replica, path: &str, device_time: Timestamp) -> Result<Self, SyncError> {
        Self::plain(path, &[("accept", "application/json")], Vec::new()).signed(replica, device_time)
    }

    /// A signed GET.
    pub(super) fn get(replica: &Replica, path: &str, device_time: Timestamp) -> Result<Self, SyncError> {
        let plain = Self { method: Method::Get, ..Self::plain(path, &[("accept-encoding", "zstd")], Vec::new()) };
        plain.signed(replica, device_time)
    }

    /// A POST of whoever has no device yet, or speaks for another.
    pub(super) fn plain(path: &str, headers: &[(&'static str, &str)], body: Vec<u8>) -> Self {
        let headers = headers.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        Self { method: Method::Post, path: path.to_owned(), headers, body }
    }

    /// Adds the device, the time, and the signature over both and the request.
    fn signed(mut self, replica: &Replica, device_time: Timestamp) -> Result<Self, SyncError> {
        let device = replica.identity().device;
        let time = replica.clock(device_time)?.as_millisecond();
        let claim = RequestClaim { device, method: self.method.as_str(), path: &self.path, time, body: &self.body };
        let signature = HEXLOWER.encode(&claim.sign(&replica.keys().signing));
        self.headers.extend([
            ("x-langnghe-device", device.to_string()),
            ("x-langnghe-time", time.to_string()),
            ("x-langnghe-signature", signature),
        ]);
        Ok(self)
    }
}
