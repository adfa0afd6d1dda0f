//! `langnghe export petitions --out FILE`

use std::collections::BTreeSet;
use std::path::Path;

use client_core::export::{self, Content};
use client_core::export_run::{self, IdentityCounts};
use client_core::identity::{IdentityError, Reading};
use serde_json::json;
use sync::id::{EventId, RecordId};
use sync::identity::Purpose;

use super::ask_the_server;
use crate::app::App;
use crate::args::{ExportCommand, FilterArgs};
use crate::edge;
use crate::fault::Fault;

pub fn run(app: &App, command: ExportCommand) -> Result<(), Fault> {
    let ExportCommand::Petitions { out, identity, filter } = command;
    if identity {
        return with_identity(app, &out, &filter);
    }
    let opened = app.open()?;
    let filter = filter.form().read(&opened.replica, opened.now)?;
    let rows = export_run::rows(&opened.replica, &filter, opened.now)?;
    export::write(&out, &rows, Content::Register, &opened.now.to_zoned(opened.zone().clone()))?;
    app.show(&json!({ "out": out, "petitions": rows.len() }), |_| {
        format!("Đã xuất {} đơn ra {}\n", rows.len(), out.display())
    });
    Ok(())
}

/// What does not lie here the server is asked for first; each petition's person is written down as looked up.
fn with_identity(app: &App, out: &Path, filter: &FilterArgs) -> Result<(), Fault> {
    // A name that cannot be written to must not have cost a thousand readings.
    export::check(out)?;
    let reading = Reading::new(Purpose::Export, None)?;
    let mut opened = app.open()?;
    let chosen = export_run::chosen(&opened.replica, &filter.form().read(&opened.replica, opened.now)?, opened.now)?;
    if !opened.replica.may_know_any(&chosen, opened.now) {
        return Err(IdentityError::NotYours.into());
    }
    let missing = opened.replica.not_held(&chosen, opened.now)?;
    let (mut answered, mut unheard) = (BTreeSet::new(), None);
    if !missing.is_empty() {
        let now = opened.now;
        opened.replica.ask_who_all(&missing, &reading, &mut || EventId(edge::new_id(now)))?;
        unheard = ask_the_server(app, opened, &missing)?;
        opened = app.open()?;
        let unanswered = opened.replica.unanswered(&missing)?;
        answered = missing.into_iter().filter(|record| !unanswered.contains(record)).collect::<BTreeSet<RecordId>>();
    }
    // Chosen again: the sync may have brought, taken or moved some.
    let chosen = export_run::chosen(&opened.replica, &filter.form().read(&opened.replica, opened.now)?, opened.now)?;
    if !opened.replica.may_know_any(&chosen, opened.now) {
        return Err(IdentityError::NotYours.into());
    }
    let (now, zone) = (opened.now, opened.zone().clone());
    let mut new_id = || EventId(edge::new_id(now));
    let (rows, counts) =
        export_run::rows_with_identity(&mut opened.replica, chosen, &answered, &reading, &mut new_id, now)?;
    export::write(out, &rows, Content::WithIdentity, &now.to_zoned(zone))?;
    say(&counts, unheard.as_ref());
    app.show(&json!({ "out": out, "petitions": rows.len(), "identity": counts }), |_| {
        format!("Đã xuất {} đơn, {} đơn có danh tính, ra {}\n", rows.len(), counts.known, out.display())
    });
    Ok(())
}

/// What the list cannot tell, and why.
fn say(counts: &IdentityCounts, unheard: Option<&Fault>) {
    match (counts.unknown, unheard) {
        (0, _) => {}
        (n, Some(why)) => edge::note(&format!(
            "{n} đơn chưa biết được danh tính vì chưa hỏi được máy chủ ({}); đã ghi yêu cầu, hãy đồng bộ rồi xuất lại",
            why.line()
        )),
        (n, None) => edge::note(&format!(
            "{n} đơn chưa biết được danh tính: máy chủ không cho biết; xem lý do bằng petition identity"
        )),
    }
    if counts.not_yours > 0 {
        edge::note(&format!("{} đơn không thuộc quyền xem danh tính của tài khoản này, để trống", counts.not_yours));
    }
    if counts.contested > 0 {
        edge::note(&format!("{} đơn ghi danh tính khác nhau ở nhiều máy, tệp ghi đủ các bản", counts.contested));
    }
    edge::note("tệp có danh tính người phản ánh, chỉ chủ tệp đọc được; xoá khi dùng xong");
}
