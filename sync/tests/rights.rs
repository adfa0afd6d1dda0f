//! The rights table, cell by cell, written from the design and not from the code.

use sync::model::directory::Role;
use sync::model::petition::ActionKind as A;
use sync::scope::{Rule, Subject, rule, table};

/// What each role may do: yes, for a body, on the spot, when importing. Everything that is not here is `no`.
fn expected(role: Role, subject: Subject) -> Rule {
    let event = match subject {
        Subject::Event(kind) => kind.as_str(),
        Subject::LogSealed | Subject::SealedEvent(_) | Subject::SealedIdentity => {
            return expected_sealed(role, subject);
        }
        Subject::Session => "*session",
        Subject::Log => "*log",
        Subject::Import => "*import",
        Subject::Directory => "*directory",
        Subject::Report => "*report",
        Subject::Identity => "*identity",
    };
    let any = |list: &str| list.split_whitespace().any(|w| w == event);
    match role {
        Role::Officer if event == "resolve" => Rule::OnTheSpot,
        Role::Officer if any("*session *log *identity answer rate comment correct withdraw") => Rule::Yes,
        Role::FrontStaff if any("accept return extend resolve") => Rule::ForABody,
        Role::FrontStaff
            if any(
                "*session *log *report *identity receive classify refer pause resume chase answer rate close reopen duplicate \
                    not-duplicate guide file withdraw comment correct split",
            ) =>
        {
            Rule::Yes
        }
        Role::Handler if any("accept return transfer extend pause resume resolve answer comment") => Rule::Yes,
        Role::Leader if any("*report comment chase reopen") => Rule::Yes,
        Role::Importer if any("*import *report") => Rule::Yes,
        Role::Importer if !event.starts_with('*') => Rule::WhenImporting,
        Role::IdentityReader if event == "*identity" => Rule::Yes,
        Role::DirectoryAdmin if event == "*directory" => Rule::Yes,
        _ => Rule::No,
    }
}

/// The same of a sealed petition.
fn expected_sealed(role: Role, subject: Subject) -> Rule {
    let event = match subject {
        Subject::SealedEvent(kind) => kind.as_str(),
        Subject::LogSealed => "*log",
        _ => "*identity",
    };
    let any = |list: &str| list.split_whitespace().any(|w| w == event);
    match role {
        Role::Officer | Role::FrontStaff if event == "*log" => Rule::Yes,
        Role::SealedHandler if any("accept return extend resolve") => Rule::ForABody,
        Role::SealedHandler
            if any("*log *identity receive classify refer pause resume chase answer rate close reopen duplicate \
                    not-duplicate guide file withdraw comment correct") =>
        {
            Rule::Yes
        }
        Role::Handler if any("accept return extend pause resume resolve comment") => Rule::Yes,
        _ => Rule::No,
    }
}

#[test]
fn every_cell_is_what_the_design_says() {
    // 8 roles × (6 subjects + 23 kinds of events, and of a sealed petition 2 + 23).
    let cells = table();
    assert_eq!(cells.len(), 8 * 54);
    for (role, subject, found) in cells {
        assert_eq!(found, expected(role, subject), "{role} × {subject}");
        assert_eq!(found, rule(role, subject));
    }
    assert_eq!(A::ALL.len(), 23);
}
