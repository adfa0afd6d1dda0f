//! Errors over HTTP.

use std::any::Any;

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::error::ServerError;
use crate::exchange::Problem;

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = serde_json::to_vec(&self).unwrap_or_default();
        (status, [(header::CONTENT_TYPE, "application/problem+json")], body).into_response()
    }
}

pub(super) async fn not_found() -> Problem {
    Problem::new(404, "not-found", "There is nothing here", "check the address")
}

pub(super) fn panicked(_: Box<dyn Any + Send + 'static>) -> Response {
    Problem::from(ServerError::Closed).into_response()
}
