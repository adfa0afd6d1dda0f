//! HTTP: every route, and nothing else.

mod auth;
mod bundle;
mod devices;
mod enroll;
mod forgotten;
mod live;
mod pages;
mod problem;
mod quarantine;
mod report;
mod server;
mod state;
mod sync;
mod token;
mod wrong_codes;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::trace::{DefaultOnResponse, TraceLayer};

pub use server::serve;
pub use state::App;

/// A request body larger than this, as sent, is not read: 16 MiB.
const MAX_BODY_BYTES: usize = ::sync::wire::MAX_REQUEST_BYTES;

/// Every route.
pub fn router(app: App) -> Router {
    // Paths carry no petitioner's words, so a line for each request may name them.
    let trace = TraceLayer::new_for_http().on_response(DefaultOnResponse::new().level(tracing::Level::DEBUG));
    Router::new()
        .route("/v1/enroll", post(enroll::enroll))
        .route("/v1/sync", post(sync::sync))
        .route("/v1/bundle", post(bundle::bundle))
        .route("/v1/live", get(live::live))
        .route("/v1/reports/monthly", get(report::monthly))
        .route("/v1/token", post(token::token))
        .route("/v1/devices", get(devices::list))
        .route("/v1/devices/{id}/approve", post(devices::approve))
        .route("/v1/devices/{id}/revoke", post(devices::revoke))
        .route("/v1/quarantine", post(quarantine::leave))
        .route("/livez", get(|| async { "ok" }))
        .route("/readyz", get(state::ready))
        .fallback(pages::page)
        .layer(DefaultBodyLimit::max(MAX_BODY_BYTES))
        .layer(CatchPanicLayer::custom(problem::panicked))
        .layer(trace)
        .with_state(app)
}
