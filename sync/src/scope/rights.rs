//! The rights table: role × what is done → under which condition. Where the role applies (its unit, office or body)
//! and in which state an event is legal are asked beside it.

use crate::model::directory::Role;
use crate::model::petition::ActionKind;

/// What somebody wants to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// Open a session, write its minutes, conclude it.
    Session,
    /// Log a petition.
    Log,
    /// Log a petition from a register of before, with its events.
    Import,
    /// An event on a petition.
    Event(ActionKind),
    /// Change the directory.
    Directory,
    /// Read the month's report.
    Report,
    /// Write down and read who spoke.
    Identity,
    /// Log a sealed petition.
    LogSealed,
    /// An event on a sealed petition.
    SealedEvent(ActionKind),
    /// Read a sealed petition's words, write down and read who spoke.
    SealedIdentity,
}

/// Under which condition a role may do it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// In its own unit, office or body.
    Yes,
    /// Only for a body that holds the petition, naming it and the paper; or for the office itself while no body holds it.
    ForABody,
    /// Only in the change that logs the petition, together with the answer.
    OnTheSpot,
    /// Only in the change that imports the petition.
    WhenImporting,
    /// Not at all.
    No,
}

impl Rule {
    /// For people.
    pub fn explain(self) -> &'static str {
        match self {
            Rule::Yes => "yes",
            Rule::ForABody => "for a body, naming it and the paper",
            Rule::OnTheSpot => "only on the spot, with the answer",
            Rule::WhenImporting => "only when importing",
            Rule::No => "no",
        }
    }
}

/// The table.
pub fn rule(role: Role, subject: Subject) -> Rule {
    use ActionKind as A;
    use Subject as S;
    match (role, subject) {
        (Role::Officer, S::Session | S::Log | S::Identity) => Rule::Yes,
        (Role::Officer, S::Event(A::Answer | A::Rate | A::Comment | A::Correct | A::Withdraw)) => Rule::Yes,
        (Role::Officer, S::Event(A::Resolve)) => Rule::OnTheSpot,

        (Role::FrontStaff, S::Session | S::Log | S::Report | S::Identity) => Rule::Yes,
        (Role::FrontStaff, S::Event(A::Accept | A::Return | A::Extend | A::Resolve)) => Rule::ForABody,
        (Role::FrontStaff, S::Event(A::Transfer)) => Rule::No,
        (Role::FrontStaff, S::Event(_)) => Rule::Yes,

        (
            Role::Handler,
            S::Event(
                A::Accept
                | A::Return
                | A::Transfer
                | A::Extend
                | A::Pause
                | A::Resume
                | A::Resolve
                | A::Answer
                | A::Comment,
            ),
        ) => Rule::Yes,

        (Role::Leader, S::Event(A::Comment | A::Chase | A::Reopen) | S::Report) => Rule::Yes,

        (Role::Importer, S::Import | S::Report) => Rule::Yes,
        (Role::Importer, S::Event(_)) => Rule::WhenImporting,

        (Role::IdentityReader, S::Identity) => Rule::Yes,

        (Role::Officer | Role::FrontStaff | Role::SealedHandler, S::LogSealed) => Rule::Yes,
        (Role::SealedHandler, S::SealedIdentity) => Rule::Yes,
        (Role::SealedHandler, S::SealedEvent(A::Accept | A::Return | A::Extend | A::Resolve)) => Rule::ForABody,
        // Split makes an ordinary petition of a part: a part of a sealed one is logged by itself.
        (Role::SealedHandler, S::SealedEvent(A::Transfer | A::Split)) => Rule::No,
        (Role::SealedHandler, S::SealedEvent(_)) => Rule::Yes,
        // To whom it goes next, and what the person is told, is the sealed handler's.
        (
            Role::Handler,
            S::SealedEvent(A::Accept | A::Return | A::Extend | A::Pause | A::Resume | A::Resolve | A::Comment),
        ) => Rule::Yes,

        (Role::DirectoryAdmin, S::Directory) => Rule::Yes,
        _ => Rule::No,
    }
}

/// Every cell, for `langnghe-server rights` and for the test that walks them all.
pub fn table() -> Vec<(Role, Subject, Rule)> {
    let fixed =
        [Subject::Session, Subject::Log, Subject::Import, Subject::Directory, Subject::Report, Subject::Identity];
    let events = ActionKind::ALL.iter().map(|k| Subject::Event(*k));
    let sealed = [Subject::LogSealed, Subject::SealedIdentity];
    let sealed_events = ActionKind::ALL.iter().map(|k| Subject::SealedEvent(*k));
    let subjects: Vec<Subject> = fixed.into_iter().chain(events).chain(sealed).chain(sealed_events).collect();
    let cells = Role::ALL.iter().flat_map(|role| subjects.iter().map(|s| (*role, *s, rule(*role, *s))));
    cells.collect()
}

impl std::fmt::Display for Subject {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Subject::Session => f.write_str("session"),
            Subject::Log => f.write_str("log"),
            Subject::Import => f.write_str("import"),
            Subject::Event(kind) => kind.fmt(f),
            Subject::Directory => f.write_str("directory"),
            Subject::Report => f.write_str("report"),
            Subject::Identity => f.write_str("identity"),
            Subject::LogSealed => f.write_str("log-sealed"),
            Subject::SealedEvent(kind) => write!(f, "sealed-{kind}"),
            Subject::SealedIdentity => f.write_str("sealed-identity"),
        }
    }
}
