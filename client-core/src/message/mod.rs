//! Why something was not done, in the words people read: what is so, why, and what to do.
//!
//! Reasons come as keys with codes, names of fields and numbers ([`sync::reason`]). A language is one folder beside
//! `vietnamese/`, with the same functions; the lines of the reasons are one table in it.

mod vietnamese;

use sync::model::directory::{FileError, Problem};
use sync::model::petition::{ActionKind, Status};
use sync::reason::{Reason, ReasonKey, fill};
use sync::wire::RefusalCode;

use vietnamese as language;

/// Why a change is not taken.
pub fn refusal(code: RefusalCode, why: &Reason) -> String {
    language::with_code(&reason(why).unwrap_or_else(|| language::refusal(code).to_owned()), code)
}

/// The same of work kept by an older program, whose reason was a plain text.
pub(crate) fn plain_refusal(code: RefusalCode, text: &str) -> String {
    language::with_text(code, text)
}

/// A reason; none for one of a newer program.
pub fn reason(why: &Reason) -> Option<String> {
    let key = why.key()?;
    let line = fill(language::reason(key), |name| language::value(name, why.arg(name).unwrap_or_default()));
    let action = why.arg("action").and_then(ActionKind::parse);
    let status = why.arg("status").and_then(Status::parse);
    Some(match (key, action, status) {
        (ReasonKey::WrongStatus, Some(action), Some(status)) => {
            format!("{line}; {}", language::first_step(action, status))
        }
        _ => line,
    })
}

/// A line as a screen shows it: without the commands that it names for those who type them.
pub fn on_screen(line: &str) -> String {
    language::on_screen(line)
}

/// Why the server did not take a request as a whole: from the last part of a problem's `type`.
pub fn problem(kind: &str) -> &'static str {
    language::problem(kind)
}

/// Why the server did not take a bundle that another device has made.
pub fn carried_problem(kind: &str) -> &'static str {
    language::carried_problem(kind)
}

/// Why a text can be no enrolment code.
pub fn enrolment_code(mistake: sync::enrolment_code::Mistake) -> String {
    language::enrolment_code(mistake)
}

/// Why the system could not use a file or a stream.
pub fn system(error: &std::io::Error) -> String {
    language::system(error)
}

/// Why the database on the device could not be used.
pub fn database(error: &rusqlite::Error) -> String {
    language::database(error)
}

/// A time to wait, rounded up to the second.
pub fn wait(time: jiff::SignedDuration) -> String {
    language::wait(time)
}

/// Why a directory file cannot be used.
pub fn directory_file(error: &FileError) -> String {
    let said = |why: &Reason| reason(why).unwrap_or_else(|| language::refusal(RefusalCode::BadDirectory).to_owned());
    match error {
        FileError::Toml { line, .. } => language::not_toml(*line),
        FileError::Entry { place, reason } => language::at_place(place, &said(reason)),
        FileError::Problems(_) => {
            let (told, more) = error.problems();
            let told: Vec<String> = told.iter().map(Problem::reason).map(|why| said(&why)).collect();
            language::contradictions(&told, more)
        }
    }
}

#[cfg(test)]
mod tests;
