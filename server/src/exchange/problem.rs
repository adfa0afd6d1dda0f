//! Errors as RFC 9457 problem+json with a stable `type`; the numbers are HTTP's, whatever carried the request.

use serde::Serialize;

use crate::error::ServerError;
use crate::quarantine::Rejected;

/// An error as the caller reads it.
#[derive(Debug, Clone, Serialize)]
pub struct Problem {
    #[serde(rename = "type")]
    kind: String,
    title: &'static str,
    status: u16,
    detail: String,
    /// The server's clock in milliseconds, where the caller's is in question.
    #[serde(skip_serializing_if = "Option::is_none")]
    server_time: Option<i64>,
}

impl Problem {
    /// With the last part of its `type`, a title and what to do.
    pub fn new(status: u16, kind: &str, title: &'static str, detail: impl Into<String>) -> Self {
        Self { kind: format!("urn:langnghe:problem/{kind}"), title, status, detail: detail.into(), server_time: None }
    }

    /// The request is not what it should be.
    pub fn bad_request(kind: &str, detail: impl Into<String>) -> Self {
        Self::new(400, kind, "The request cannot be read", detail)
    }

    /// Who asks is not known, or not any more.
    pub fn unauthorized(kind: &str, detail: impl Into<String>) -> Self {
        Self::new(401, kind, "The device is not let in", detail)
    }

    /// Known, but without the right.
    pub fn forbidden(detail: impl Into<String>) -> Self {
        Self::new(403, "forbidden", "The device's posts have no right to this", detail)
    }

    /// HTTP's number.
    pub fn status(&self) -> u16 {
        self.status
    }

    /// The last part of its type.
    pub fn kind(&self) -> &str {
        self.kind.rsplit('/').next().unwrap_or_default()
    }

    /// What to do, for people.
    pub fn detail(&self) -> &str {
        &self.detail
    }

    /// With the server's clock.
    pub fn with_time(mut self, millis: i64) -> Self {
        self.server_time = Some(millis);
        self
    }
}

impl From<ServerError> for Problem {
    fn from(error: ServerError) -> Self {
        match error {
            ServerError::Report(report) => {
                tracing::error!(error = %report, "a report failed");
                Self::new(500, "report", "The report cannot be made", report.to_string())
            }
            error @ ServerError::Behind => {
                Self::new(409, "behind", "The server is behind the device", error.to_string())
            }
            error @ ServerError::Damaged(_) => {
                tracing::error!(%error, "the database is damaged");
                let detail = "the server's database is damaged; nothing of this request was kept, tell the operator";
                Self::new(503, "damaged", "The server cannot read its database", detail)
            }
            error @ ServerError::Storage(_) => {
                tracing::error!(%error, "nothing can be written");
                let detail =
                    "the server's disk is full or fails; nothing of this request was kept, send it again later";
                Self::new(507, "storage", "The server cannot store anything", detail)
            }
            error => {
                tracing::error!(%error, "a request failed");
                let detail = "the server could not carry out the request; nothing of it was kept, try again later";
                Self::new(500, "internal", "The server failed", detail)
            }
        }
    }
}

impl From<Rejected> for Problem {
    fn from(why: Rejected) -> Self {
        match why {
            Rejected::Full => {
                let detail = "as much as is kept of one device lies there already; tell the operator to look at it";
                Self::new(507, "quarantine-full", "The quarantine is full", detail)
            }
            Rejected::Server(error) => error.into(),
        }
    }
}
