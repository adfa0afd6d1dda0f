//! `langnghe petition data`: what is kept of a person, for that person.

use std::path::{Path, PathBuf};

use client_core::export;
use client_core::identity::{IdentityError, Reading, Whole};
use client_core::own_data::{self, AuditLine, MAX_AUDIT_BYTES, NotAnAudit, OwnData, OwnPerson};
use client_core::view;
use serde_json::json;
use sync::id::{EventId, RecordId};
use sync::identity::Purpose;
use sync::wire::RefusalCode;

use crate::app::{App, Opened};
use crate::args::DataArgs;
use crate::command::ask_the_server;
use crate::edge;
use crate::fault::Fault;

pub fn run(app: &App, args: &DataArgs) -> Result<(), Fault> {
    let audit = audit(&args.readings)?;
    let mut opened = app.open()?;
    let records = records(&mut opened, &args.ids)?;
    let reading = Reading::new(Purpose::OwnRequest, None)?;
    // Also where something lies here: what was written down since lies at the server alone.
    for record in &records {
        let id = EventId(opened.desk().new_id());
        opened.replica.ask_who(*record, &reading, id)?;
    }
    let unheard = ask_the_server(app, opened, &records)?;
    let mut opened = app.open()?;
    let mut persons = Vec::with_capacity(records.len());
    for record in records {
        persons.push((record, look(&mut opened, record, &reading)?));
    }
    nobody(&persons, unheard)?;
    let data = own_data::gather(&opened.replica, &persons, audit.as_deref(), opened.now)?;
    let format = format(args);
    let text = match format {
        // The answer is made of texts, numbers and lists: it always has a JSON form.
        "json" => serde_json::to_string_pretty(&data).unwrap_or_default() + "\n",
        _ => own_data::page(&data),
    };
    export::write_private(&args.out, &text)?;
    say(&data);
    let result = json!({
        "out": args.out, "format": format, "petitions": data.petitions.len(), "versions": versions(&data),
        "whole": data.is_whole(), "may_be_one_person": data.may_be_one_person(),
    });
    app.show(&result, |_| {
        format!("Đã ghi dữ liệu của người phản ánh ({} đơn) ra {}\n", data.petitions.len(), args.out.display())
    });
    Ok(())
}

/// Each petition once, and all of them here.
fn records(opened: &mut Opened, ids: &[String]) -> Result<Vec<RecordId>, Fault> {
    let mut records = Vec::with_capacity(ids.len());
    for id in ids {
        let record = opened.desk().petition(id)?;
        view::petition_row(&opened.replica, record, opened.now)?;
        if !records.contains(&record) {
            records.push(record);
        }
    }
    Ok(records)
}

/// All that lies here; who may not know it, or is told nothing for another reason, gets no file.
fn look(opened: &mut Opened, record: RecordId, reading: &Reading) -> Result<Whole, Fault> {
    let id = EventId(opened.desk().new_id());
    let denied = opened.replica.who_denied(record)?.map(|why| Fault::IdentityDenied(why.line(RefusalCode::NotAllowed)));
    let Some(whole) = opened.replica.look_whole(record, reading, id, opened.now)? else {
        return Err(denied.unwrap_or(IdentityError::NotYours.into()));
    };
    match denied {
        Some(denied) if whole.versions.is_empty() && whole.erased.is_none() => Err(denied),
        _ => Ok(whole),
    }
}

/// Nothing that is told of anybody is no answer to anybody.
fn nobody(persons: &[(RecordId, Whole)], unheard: Option<Fault>) -> Result<(), Fault> {
    let told = |whole: &Whole| !whole.versions.is_empty() || whole.erased.is_some();
    if persons.iter().any(|(_, whole)| told(whole)) {
        return Ok(());
    }
    Err(unheard.map_or(Fault::NobodyNamed, |fault| Fault::IdentityLater(Box::new(fault))))
}

fn format(args: &DataArgs) -> &str {
    let json = args.out.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json"));
    args.format.as_deref().unwrap_or(if json { "json" } else { "html" })
}

fn audit(files: &[PathBuf]) -> Result<Option<Vec<AuditLine>>, Fault> {
    let mut lines: Option<Vec<AuditLine>> = None;
    for path in files {
        let more = own_data::audit(&read(path)?).map_err(|error| Fault::NotAnAudit { path: path.clone(), error })?;
        let lines = lines.get_or_insert_default();
        for line in more {
            // Two lists may overlap; two lines are never alike but for their number.
            if !lines.contains(&line) {
                lines.push(line);
            }
        }
    }
    Ok(lines)
}

fn read(path: &Path) -> Result<Vec<u8>, Fault> {
    let failed = |error| Fault::File { path: path.to_owned(), error };
    if std::fs::metadata(path).map_err(failed)?.len() > MAX_AUDIT_BYTES {
        return Err(Fault::NotAnAudit { path: path.to_owned(), error: NotAnAudit });
    }
    std::fs::read(path).map_err(failed)
}

fn versions(data: &OwnData) -> usize {
    let of = |person: &OwnPerson| if let OwnPerson::Kept { versions } = person { versions.len() } else { 0 };
    data.petitions.iter().map(|petition| of(&petition.person)).sum()
}

/// What whoever hands it over must know.
fn say(data: &OwnData) {
    if !data.is_whole() {
        edge::note(
            "chưa hỏi được máy chủ về mọi đơn: bản mới nhất có thể đang ở máy chủ; trong tệp có ghi rõ, hãy đồng bộ rồi lập lại",
        );
    }
    if !data.may_be_one_person() {
        edge::note(
            "các đơn không cùng họ tên hay số điện thoại nào; hãy chắc rằng là của cùng một người trước khi trao",
        );
    }
    let unaudited = data.unaudited();
    if !unaudited.is_empty() {
        edge::note(&format!(
            "chưa kèm nhật ký ai đã xem của đơn {}; người vận hành máy chủ xuất bằng langnghe-server audit list, rồi thêm \
             --readings",
            unaudited.join(", ")
        ));
    }
    if data.authority_has_looked() {
        edge::note("có lượt xem theo yêu cầu của cơ quan có thẩm quyền; hãy hỏi có được cho biết không trước khi trao");
    }
    edge::note("hãy đọc lại trước khi trao: lời phản ánh, lời ghi của cán bộ có thể nhắc đến người khác");
}
