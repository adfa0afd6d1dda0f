//! Listening.

use std::net::SocketAddr;
use std::path::Path;

use jiff::Timestamp;
use tokio::net::TcpListener;

use super::router;
use super::state::App;
use crate::error::ServerError;
use crate::ingest::{Ledger, Writer};
use crate::keys::{self, ServerKeys};
use crate::store::DataLock;

/// Serves a data folder until the process is told to stop; `listening` is told the address once it answers.
pub async fn serve(
    data: &Path,
    listen: SocketAddr,
    now: fn() -> Timestamp,
    listening: impl FnOnce(SocketAddr),
) -> Result<(), ServerError> {
    let _lock = DataLock::take_existing(data)?;
    let keys = ServerKeys::read(data)?;
    let ledger = Ledger::to_serve(data, now(), &mut keys::system)?;
    let tenant = ledger.tenant().clone();
    let writer = Writer::start(ledger, now)?;
    let app = App::new(data.to_owned(), tenant, keys, writer, now);
    tokio::spawn(app.clone().watch_revocations());
    tokio::spawn(app.clone().keep_audit());
    let ending = app.clone();
    let listener = TcpListener::bind(listen).await.map_err(|e| {
        ServerError::Command(format!(
            "cannot listen on {listen}: {e}; choose another port with --listen (0: any free one)"
        ))
    })?;
    let address = listener.local_addr().map_err(|e| ServerError::Command(e.to_string()))?;
    listening(address);
    let service = router(app).into_make_service_with_connect_info::<SocketAddr>();
    let stopped = axum::serve(listener, service).with_graceful_shutdown(told_to_stop()).await;
    if let Err(error) = ending.confirm_audit().await {
        tracing::error!(%error, "the last lines of the audit are confirmed when the server is next started");
    }
    stopped.map_err(|e| ServerError::Command(format!("the server stopped: {e}")))
}

async fn told_to_stop() {
    let interrupted = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminated) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = interrupted => {}
                _ = terminated.recv() => {}
            }
            return;
        }
    }
    let _ = interrupted.await;
}
