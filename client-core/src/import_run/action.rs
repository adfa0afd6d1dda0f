//! What a planned event does, read from its arguments.

use jiff::civil::Date;
use sync::id::{BodyId, RecordId};
use sync::model::directory::Directory;
use sync::model::petition::{Action, AnswerMeans, Kind, Outcome};

use super::error::RowFault;
use crate::import::{PlannedEvent, WITH_SEPARATOR};
use crate::view::code;

/// Where a register says that something was done and not why.
const NO_REASON: &str = "(không ghi lý do)";
/// Where a register says that something was said and not what.
const NO_TEXT: &str = "(không ghi nội dung)";

/// Reads the action of an event on its day. `record` computes the record of another row of the register by its key.
pub(super) fn read(
    event: &PlannedEvent,
    directory: &Directory,
    day: Date,
    record: impl Fn(&str) -> RecordId,
) -> Result<Action, RowFault> {
    let arg = |name: &str| event.args.get(name).map(String::as_str).filter(|v| !v.is_empty());
    let text_or = |name: &str, none: &str| arg(name).unwrap_or(none).to_owned();
    let reason = || text_or("reason", NO_REASON);
    let body = |name: &'static str| -> Result<BodyId, RowFault> {
        let code = arg(name).ok_or(RowFault::Word { what: name })?;
        Ok(code::body(directory, code, day)?)
    };
    let date = |name: &'static str| -> Result<Option<Date>, RowFault> {
        arg(name).map(str::parse).transpose().map_err(|_| RowFault::Word { what: name })
    };
    Ok(match event.kind.as_str() {
        "receive" => Action::Receive,
        "classify" => Action::Classify {
            kind: arg("kind").map(|k| Kind::parse(k).ok_or(RowFault::Word { what: "kind" })).transpose()?,
            category: arg("category").map(|c| code::category(directory, c, day)).transpose()?,
        },
        "refer" => {
            let with: Vec<BodyId> = arg("with")
                .into_iter()
                .flat_map(|w| w.split(WITH_SEPARATOR))
                .map(|code| code::body(directory, code, day))
                .collect::<Result<_, _>>()?;
            Action::Refer {
                to: body("to")?,
                with: (!with.is_empty()).then_some(with),
                due: date("due")?,
                note: arg("note").map(str::to_owned),
            }
        }
        "accept" => Action::Accept,
        "return" => Action::Return { reason: reason() },
        "transfer" => Action::Transfer { to: body("to")?, reason: reason() },
        "pause" => Action::Pause { reason: reason() },
        "resume" => Action::Resume,
        "extend" => Action::Extend { until: date("until")?, reason: reason() },
        "chase" => Action::Chase { text: text_or("text", NO_TEXT) },
        "comment" => Action::Comment { text: text_or("text", NO_TEXT) },
        "duplicate" => Action::Duplicate { of: record(arg("of").ok_or(RowFault::Word { what: "of" })?) },
        "guide" => Action::Guide { text: text_or("text", "") },
        "file" => Action::File { reason: reason() },
        "withdraw" => Action::Withdraw { reason: reason() },
        "resolve" => Action::Resolve {
            outcome: arg("outcome").and_then(Outcome::parse).ok_or(RowFault::Word { what: "outcome" })?,
            // An empty result of a register of before is admitted as it is.
            text: text_or("text", ""),
        },
        "answer" => Action::Answer {
            means: arg("by").and_then(AnswerMeans::parse).ok_or(RowFault::Word { what: "by" })?,
            text: arg("text").map(str::to_owned),
        },
        "rate" => Action::Rate {
            satisfied: match arg("satisfied") {
                Some("yes" | "true") => true,
                Some("no" | "false") => false,
                _ => return Err(RowFault::Word { what: "satisfied" }),
            },
            text: arg("text").map(str::to_owned),
        },
        "close" => Action::Close,
        "reopen" => Action::Reopen { reason: reason() },
        _ => return Err(RowFault::Word { what: "event" }),
    })
}
