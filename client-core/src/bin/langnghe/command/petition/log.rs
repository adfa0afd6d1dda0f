//! `langnghe petition log`

use client_core::desk::{EntrustedView, LogForm, Logged, PersonForm};
use serde_json::json;

use crate::app::App;
use crate::args::{LogArgs, PersonArgs};
use crate::edge;
use crate::fault::Fault;

pub fn run(app: &App, args: LogArgs) -> Result<(), Fault> {
    let form = LogForm {
        id: None,
        text: edge::text(&args.text)?,
        unit: args.unit,
        session: args.session,
        channel: args.channel,
        hamlet: args.hamlet,
        category: args.category,
        kind: Some(args.kind),
        place: args.place,
        urgent: args.urgent,
        collective: args.collective,
        answered: edge::optional_text(args.answered.as_ref())?,
        sealed: args.sealed,
        person: person(args.person),
        at: args.at,
    };
    let logged = app.open()?.desk().log(&form)?;
    match &logged.entrusted {
        Some(entrusted) => show_sealed(app, &logged, entrusted),
        None => show(app, &logged),
    }
    Ok(())
}

/// What was said of the person.
pub(super) fn person(args: PersonArgs) -> PersonForm {
    let PersonArgs { name, phone, address, consent } = args;
    PersonForm { name, phone, address, consent: consent.map(|c| c.0) }
}

fn show(app: &App, logged: &Logged) {
    app.show(&json!({ "id": logged.id, "code": logged.code }), |_| {
        let what = if logged.answered { "ghi nhận và trả lời tại chỗ" } else { "ghi nhận" };
        format!("Đã {what}: {}\nLưu trên máy này; chưa gửi.\n", logged.code)
    });
}

fn show_sealed(app: &App, logged: &Logged, entrusted: &EntrustedView) {
    let shown = json!({
        "id": logged.id, "code": logged.code, "sealed": true,
        "entrusted": entrusted.office, "devices": entrusted.devices,
    });
    app.show(&shown, |_| {
        format!(
            "Đã ghi nhận đơn kín: {}\nLưu trên máy này; chưa gửi.{}\n{}",
            logged.code,
            if entrusted.yours { "" } else { " Khi máy chủ đã nhận, máy này không giữ lại gì." },
            who_opens(entrusted)
        )
    });
}

/// The truth about who will be able to read it.
fn who_opens(entrusted: &EntrustedView) -> String {
    let office = &entrusted.office_name;
    match (entrusted.held, entrusted.devices) {
        (true, 0) => format!(
            "Người được giao giữ đơn kín ở {office} chưa có máy nào được biết ở đây; đồng bộ rồi đơn mới được khoá cho họ.\n"
        ),
        (true, _) => format!("Chỉ người được giao giữ đơn kín ở {office} mở được.\n"),
        (false, _) => format!(
            "Chưa ai được giao giữ đơn kín ở {office}: đến khi có, chỉ khoá khôi phục mở được; hãy báo người quản trị danh mục.\n"
        ),
    }
}
