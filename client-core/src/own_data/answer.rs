//! The answer as data: codes for programs, beside them the words people read. Who handled something is named by post and
//! office; the account, the device and the clock of whoever did it are nobody's to know by such a request.

use jiff::civil::Date;
use serde::Serialize;
use sync::id::{EventId, RecordId};
use sync::identity::Consent;

/// What the request rests on: the subject of personal data may see it and have it given.
pub const LAW: &str = "Luật Bảo vệ dữ liệu cá nhân số 91/2025/QH15, khoản 1 Điều 4";

/// Everything that is kept of a person, as far as it is known here.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[allow(missing_docs)]
pub struct OwnData {
    pub law: &'static str,
    pub made_at: String,
    /// Post and office.
    pub made_by: String,
    pub petitions: Vec<OwnPetition>,
}

/// One petition of the person's.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[allow(missing_docs)]
pub struct OwnPetition {
    pub id: RecordId,
    pub code: String,
    pub person: OwnPerson,
    /// The server was asked just now, and has said all it has of the person; else the newest may lie there.
    pub server_said: bool,
    #[serde(flatten)]
    pub facts: TheirFacts,
    pub events: Vec<Happening>,
    pub readings: Vec<OwnReading>,
    pub readings_from: SeenFrom,
}

/// Who raised it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "state", rename_all = "kebab-case")]
pub enum OwnPerson {
    /// Written down, and here; oldest first.
    Kept {
        /// Present and replaced.
        versions: Vec<OwnVersion>,
    },
    /// It does not lie here.
    NotHere,
    /// Nobody has written it down.
    NotNamed,
    /// It was forgotten, as was asked for.
    Erased {
        /// When.
        at: Option<String>,
    },
}

/// One writing down.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs)]
pub struct OwnVersion {
    pub id: EventId,
    /// It holds; several may, where they were written down apart.
    pub present: bool,
    pub replaced_by: Vec<EventId>,
    pub name: Option<String>,
    pub phone: Option<String>,
    pub address: Option<String>,
    /// None: not asked.
    pub consent: Option<Vec<Consent>>,
    pub at: Option<String>,
    /// Post and office.
    pub by: String,
    /// The server does not have it yet.
    pub pending: bool,
}

/// The petition's own words, and what is known of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[allow(missing_docs)]
pub struct TheirFacts {
    pub text: String,
    /// Before it was put right.
    pub first_text: Option<String>,
    pub status: String,
    pub status_name: &'static str,
    pub kind: String,
    pub kind_name: &'static str,
    pub category: Option<String>,
    pub category_name: Option<String>,
    pub unit: String,
    pub unit_name: String,
    pub hamlet: Option<String>,
    pub hamlet_name: Option<String>,
    pub place: Option<String>,
    pub channel: String,
    pub channel_name: &'static str,
    /// Title of the session it was raised in, where that is here.
    pub session: Option<String>,
    pub urgent: bool,
    pub collective: Option<u32>,
    pub logged_at: String,
    /// Post and office.
    pub logged_by: String,
    pub received_at: Option<String>,
    pub bodies: Vec<String>,
    pub first_answer_due: Option<Date>,
    pub due: Option<Date>,
    pub satisfied: Option<bool>,
    pub split_from: Option<String>,
    /// The register of before.
    pub source: Option<Source>,
}

/// A line of a register of before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs)]
pub struct Source {
    pub name: String,
    pub key: String,
}

/// One thing that happened to the petition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs)]
pub struct Happening {
    pub kind: String,
    pub what: String,
    pub at: Option<String>,
    /// Post and office.
    pub by: Option<String>,
    /// The body that it was typed for, and by which paper.
    pub on_behalf_of: Option<String>,
    pub paper: Option<String>,
    /// What was written, line by line.
    pub said: Vec<String>,
    /// Why it changed nothing.
    pub no_effect: Option<String>,
}

/// Somebody has looked up who it was, or wanted to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs)]
pub struct OwnReading {
    pub at: String,
    /// Post and office.
    pub by: String,
    pub what: Seen,
    pub purpose: Option<String>,
    pub purpose_name: Option<&'static str>,
}

/// What came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Seen {
    /// It was shown.
    Shown,
    /// It was not given.
    Denied,
    /// The person was forgotten.
    Erased,
}

/// Where it is known from who has looked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum SeenFrom {
    /// What the server has written down, and what this device has not told it yet.
    Server,
    /// The server's list was there and has no line of this petition: nobody has looked, or the list is of another one.
    ServerSilent,
    /// Only what this device has not told the server yet: the rest is written down there.
    Device,
}

impl OwnData {
    /// Whether the petitions may be of one person: each that names somebody shares a name or a telephone number, present
    /// or replaced, with those before it. Only people can know; this finds the code that was taken for another.
    pub fn may_be_one_person(&self) -> bool {
        let mut known: Vec<String> = Vec::new();
        for petition in &self.petitions {
            let OwnPerson::Kept { versions } = &petition.person else { continue };
            let marks: Vec<String> = versions.iter().flat_map(OwnVersion::marks).collect();
            if !known.is_empty() && !marks.iter().any(|mark| known.contains(mark)) {
                return false;
            }
            known.extend(marks);
        }
        true
    }

    /// Whether it says everything that the server can say.
    pub fn is_whole(&self) -> bool {
        self.petitions.iter().all(|petition| petition.server_said)
    }

    /// Petitions of which the server's list was not there, or says nothing.
    pub fn unaudited(&self) -> Vec<&str> {
        let petitions = self.petitions.iter().filter(|petition| petition.readings_from != SeenFrom::Server);
        petitions.map(|petition| petition.code.as_str()).collect()
    }

    /// Whether an authority has looked, which the person may have to be told of by somebody else or not at all.
    pub fn authority_has_looked(&self) -> bool {
        let mut readings = self.petitions.iter().flat_map(|petition| &petition.readings);
        readings.any(|reading| reading.purpose.as_deref() == Some(sync::identity::Purpose::Authority.as_str()))
    }
}

impl OwnVersion {
    /// By what two versions are taken to be of one person.
    fn marks(&self) -> Vec<String> {
        let name = self.name.as_deref().map(crate::search::fold);
        let digits = |phone: &str| phone.chars().filter(char::is_ascii_digit).collect::<String>();
        // With or without the country's number.
        let phone = self.phone.as_deref().map(digits).map(|d| match d.strip_prefix("84") {
            Some(rest) if d.len() > 10 => format!("0{rest}"),
            _ => d,
        });
        name.into_iter().chain(phone).filter(|mark| !mark.is_empty()).collect()
    }
}
