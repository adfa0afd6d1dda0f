//! `langnghe petition split`

use client_core::desk::SplitForm;
use serde_json::json;

use crate::app::App;
use crate::args::SplitArgs;
use crate::edge;
use crate::fault::Fault;

pub fn run(app: &App, args: SplitArgs) -> Result<(), Fault> {
    let SplitArgs { id, text, kind, category, at } = args;
    let form = SplitForm { id: None, petition: id, text: edge::text(&text)?, kind, category, at };
    let split = app.open()?.desk().split(&form)?;
    app.show(&json!({ "event": split.event, "id": split.id, "code": split.code }), |_| {
        format!("Đã tách thành đơn mới: {}\nLưu trên máy này; chưa gửi.\n", split.code)
    });
    Ok(())
}
