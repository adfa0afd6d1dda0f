//! `langnghe petition summary`

use client_core::desk::SummaryForm;
use client_core::view::word;
use serde_json::json;

use crate::app::App;
use crate::args::SummaryArgs;
use crate::edge;
use crate::fault::Fault;

pub fn run(app: &App, args: SummaryArgs) -> Result<(), Fault> {
    let form = SummaryForm { id: None, petition: args.id, text: edge::text(&args.text)?, at: args.at };
    let acted = app.open()?.desk().summarise(&form)?;
    app.show(&json!({ "event": acted.event }), |_| {
        format!(
            "{}: đã viết tóm tắt. Trạng thái: {}.\nLưu trên máy này; chưa gửi.\n",
            acted.code,
            word::status(acted.status)
        )
    });
    Ok(())
}
