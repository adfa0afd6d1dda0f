//! `GET /…`: the app's files.

use axum::body::Body;
use axum::extract::Request;
use axum::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, IF_NONE_MATCH,
    REFERRER_POLICY, VARY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};

use super::problem;
use crate::pages::{self, Page};

/// The app's own files and nothing else: no script, style, picture or connection from elsewhere, and no page around it.
const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' blob: data:; \
                      font-src 'self'; connect-src 'self'; worker-src 'self'; manifest-src 'self'; media-src 'self' blob:; \
                      base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
/// The camera reads codes; nothing else of the device is asked for.
const PERMISSIONS: &str = "camera=(self), microphone=(), geolocation=(), payment=(), usb=()";

/// A file of the app, or that there is none.
pub(super) async fn page(request: Request) -> Response {
    let wanted = matches!(*request.method(), Method::GET | Method::HEAD);
    match pages::find(request.uri().path()).filter(|_| wanted) {
        Some(page) => shown(page, request.headers()),
        None if wanted && request.uri().path() == "/" && !pages::are_here() => {
            (StatusCode::NOT_FOUND, "This server was built without the app: build it with `cargo xtask web` first.\n")
                .into_response()
        }
        None => problem::not_found().await.into_response(),
    }
}

fn shown(page: &'static Page, asked: &HeaderMap) -> Response {
    let etag = page.etag();
    let known = asked.get(IF_NONE_MATCH).and_then(|v| v.to_str().ok()).is_some_and(|known| known.contains(&etag));
    let cache = if page.is_immutable() { "public, max-age=31536000, immutable" } else { "no-cache" };
    let mut response = if known { StatusCode::NOT_MODIFIED.into_response() } else { whole(page, asked) };
    let headers = response.headers_mut();
    let mut set = |name: HeaderName, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(name, value);
        }
    };
    set(ETAG, &etag);
    set(CACHE_CONTROL, cache);
    set(VARY, "accept-encoding");
    set(CONTENT_SECURITY_POLICY, POLICY);
    set(REFERRER_POLICY, "no-referrer");
    set(X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(HeaderName::from_static("permissions-policy"), PERMISSIONS);
    set(HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    set(HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
    response
}

fn whole(page: &'static Page, asked: &HeaderMap) -> Response {
    let takes_brotli = asked
        .get_all(ACCEPT_ENCODING)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|coding| coding.split(';').next().is_some_and(|name| name.trim().eq_ignore_ascii_case("br")));
    let content_type = (CONTENT_TYPE, page.media_type());
    match page.stored() {
        (bytes, true) if takes_brotli => ([content_type, (CONTENT_ENCODING, "br")], Body::from(bytes)).into_response(),
        (_, true) => ([content_type], page.plain()).into_response(),
        (bytes, false) => ([content_type], Body::from(bytes)).into_response(),
    }
}
