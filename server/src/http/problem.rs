//! Errors as RFC 9457 problem+json with a stable `type`.

use std::any::Any;

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::error::ServerError;

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
    pub fn new(status: StatusCode, kind: &str, title: &'static str, detail: impl Into<String>) -> Self {
        Self {
            kind: format!("urn:langnghe:problem/{kind}"),
            title,
            status: status.as_u16(),
            detail: detail.into(),
            server_time: None,
        }
    }

    /// The request is not what it should be.
    pub fn bad_request(kind: &str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, kind, "The request cannot be read", detail)
    }

    /// Who asks is not known, or not any more.
    pub fn unauthorized(kind: &str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, kind, "The device is not let in", detail)
    }

    /// Known, but without the right.
    pub fn forbidden(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, "forbidden", "The device's posts have no right to this", detail)
    }

    /// With the server's clock.
    pub fn with_time(mut self, millis: i64) -> Self {
        self.server_time = Some(millis);
        self
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = serde_json::to_vec(&self).unwrap_or_default();
        (status, [(header::CONTENT_TYPE, "application/problem+json")], body).into_response()
    }
}

impl From<ServerError> for Problem {
    fn from(error: ServerError) -> Self {
        match error {
            ServerError::Report(report) => {
                tracing::error!(error = %report, "a report failed");
                Self::new(StatusCode::INTERNAL_SERVER_ERROR, "report", "The report cannot be made", report.to_string())
            }
            error => {
                tracing::error!(%error, "a request failed");
                let detail = "the server could not carry out the request; nothing of it was kept, try again later";
                Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", "The server failed", detail)
            }
        }
    }
}

pub(super) async fn not_found() -> Problem {
    Problem::new(StatusCode::NOT_FOUND, "not-found", "There is nothing here", "check the address")
}

pub(super) fn panicked(_: Box<dyn Any + Send + 'static>) -> Response {
    Problem::from(ServerError::Closed).into_response()
}
