//! `GET /v1/reports/monthly`: the month, for those whose posts may read it.

use axum::extract::{Query, State};
use axum::http::{HeaderMap, Uri, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use sync::id::OfficeId;
use sync::model::time::local_date;
use sync::scope::{Rule, Subject, rule};

use super::auth::authenticate_reader;
use super::state::App;
use crate::admin::{ReportFormat, ReportRequest, monthly_report};
use crate::exchange::Problem;

#[derive(Debug, Deserialize)]
pub(super) struct Asked {
    month: String,
    as_of: Option<String>,
    by: Option<String>,
    format: Option<String>,
}

pub(super) async fn monthly(
    State(app): State<App>,
    uri: Uri,
    headers: HeaderMap,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let device = authenticate_reader(&app, &uri, &headers).await?;
    let directory = app.writer().directory();
    let today = local_date(app.now(), directory.zone());
    let posts = directory.posts_of(&device.user, today);
    let reading = posts.into_iter().filter(|p| rule(p.role, Subject::Report) == Rule::Yes);
    let offices: Vec<OfficeId> = reading
        .flat_map(|p| &p.office)
        .flat_map(|o| directory.current_offices(o, today))
        .flat_map(|o| directory.office_tree(&o))
        .collect();
    if offices.is_empty() {
        return Err(Problem::forbidden("only Front staff and leaders of an office read its report"));
    }
    let request =
        ReportRequest::parse(&asked.month, asked.as_of.as_deref(), asked.by.as_deref(), Some(offices), app.now())
            .map_err(|e| Problem::bad_request("report", e.to_string()))?;
    let format = match asked.format.as_deref() {
        None => ReportFormat::Json,
        Some(f) => ReportFormat::parse(f)
            .ok_or_else(|| Problem::bad_request("report", "`format` is one of json, table, csv"))?,
    };
    let text = app.read(move |conn| monthly_report(conn, &request, &directory, format)).await?;
    let kind = match format {
        ReportFormat::Json => "application/json",
        ReportFormat::Csv => "text/csv; charset=utf-8",
        ReportFormat::Table => "text/plain; charset=utf-8",
    };
    Ok(([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "no-store")], text).into_response())
}
