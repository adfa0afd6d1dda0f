//! `POST /v1/bundle`: a courier's file, brought by whoever has a network; its own signature says whose it is.

use axum::body::Bytes;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use minicbor::bytes::ByteVec;

use super::forgotten::forget_again;
use super::state::App;
use crate::error::ServerError;
use crate::exchange::{Opened, Problem, contact, frames, open_bundle, packed, read_body, read_bundle};
use crate::quarantine::set_aside;
use crate::store;

/// The media type of both directions.
const MEDIA_TYPE: &str = "application/vnd.langnghe.bundle";

pub(super) async fn bundle(State(app): State<App>, body: Bytes) -> Result<Response, Problem> {
    let bundle = read_bundle(app.tenant().id, &body)?;
    let id = bundle.envelope.device;
    let found = app.read(move |conn| store::device(conn, id)).await?;
    let opened = open_bundle(app.keys(), &bundle, found, app.now())?;
    let here = app.clone();
    let opened = tokio::task::spawn_blocking(move || {
        let set_aside = || {
            Ok(set_aside(here.data(), here.keys(), here.tenant().id, &opened.device, &opened.bodies, here.now())
                .map(drop)?)
        };
        opened.let_in(set_aside)?;
        Ok::<_, Problem>(opened)
    });
    let opened = opened.await.map_err(|_| ServerError::Closed)??;
    let index = opened.device.index;
    let (mut answers, mut problem) = (Vec::new(), None);
    for body in &opened.bodies {
        match answer(&app, &opened, body).await {
            Ok(frames) => answers.push(frames),
            Err(why) => {
                problem = Some(why);
                break;
            }
        }
    }
    let receiving = app.read(move |conn| store::receiving_key(conn, index)).await?;
    let reply = opened.reply(app.keys(), &receiving, answers, problem.as_ref(), app.now())?;
    Ok(([(header::CONTENT_TYPE, MEDIA_TYPE), (header::CACHE_CONTROL, "no-store")], reply).into_response())
}

/// One request of the bundle, served as if its device had sent it.
async fn answer(app: &App, opened: &Opened, body: &[u8]) -> Result<ByteVec, Problem> {
    let index = opened.device.index;
    let device = app.read(move |conn| store::device_by_index(conn, index)).await?;
    let (request, push) = read_body(app.tenant().id, &device, "zstd", body)?;
    let contact = contact(app.keys(), app.tenant().id, device, &request, push);
    forget_again(app, &request, &contact).await?;
    let reply = app.writer().contact(contact).await?;
    let (now, here) = (app.now(), app.clone());
    let answered = app.read(move |conn| packed(&frames(conn, here.keys(), &request, reply, now)?));
    Ok(answered.await?)
}
