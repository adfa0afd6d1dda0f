//! The declarations that the app is written against: one module with every form, answer and view.

use std::collections::BTreeMap;

use sync::identity::{Consent, Purpose};
use sync::model::directory::{Role, UnitKind};
use sync::model::petition::{AnswerMeans, Channel, Field, Finish, Kind, Outcome, Status};
use sync::wire::RefusalCode;
use ts_rs::{Config, TS};

use crate::command::Done;
use crate::{desk, view};

/// The whole module, each type once, by name.
pub fn declarations() -> String {
    let config = Config::default();
    let mut found: BTreeMap<String, String> = BTreeMap::new();
    macro_rules! declare {
        ($($type:ty),+ $(,)?) => { $(put::<$type>(&mut found, &config);)+ };
    }
    declare!(Status, Kind, Channel, Outcome, AnswerMeans, Field, Finish, Consent, Purpose, Role, UnitKind, RefusalCode);
    declare!(
        desk::LogForm,
        desk::PersonForm,
        desk::ActForm,
        desk::Act,
        desk::SplitForm,
        desk::SummaryForm,
        desk::FilterForm
    );
    declare!(desk::SessionForm, desk::ConcludeForm, desk::SameAsForm, desk::MinutesForm, desk::MinutesWrite);
    declare!(desk::IdentifyForm, desk::WhoForm);
    declare!(desk::Logged, desk::EntrustedView, desk::Acted, desk::Split, desk::SessionLogged, desk::SessionActed);
    declare!(desk::MinutesShown, desk::MinutesWritten, desk::Identified, desk::Retried, desk::Discarded, Done);
    declare!(view::Page, view::PetitionRow, view::PetitionDetail, view::EventView, view::EventSays, view::Sending);
    declare!(view::SessionRow, view::SessionDetail, view::SessionEventView, view::StatusView, view::LeaseView);
    declare!(view::RefusedView, view::WhoView, view::OriginView, view::OtherWho);
    declare!(
        view::Choices,
        view::PostChoice,
        view::UnitChoice,
        view::CategoryChoice,
        view::BodyChoice,
        view::Suggested,
        view::WordChoice<Kind>
    );
    // What an event says stands beside what every event has.
    if let Some(event) = found.get_mut("EventView") {
        *event = event.trim_end_matches(';').to_owned() + " & EventSays;";
    }
    found.into_values().map(|declaration| format!("export {declaration}\n")).collect()
}

fn put<T: TS>(found: &mut BTreeMap<String, String>, config: &Config) {
    found.insert(T::ident(config), T::decl(config));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_and_views_are_declared_with_the_models_own_words() {
        let module = declarations();
        let declared = |part: &str| assert!(module.contains(part), "{part}\n{module}");
        declared(r#"export type Kind = "feedback" | "proposal" | "complaint" | "denunciation" | "mixed";"#);
        declared(r#""verb": "not-duplicate""#);
        declared("export type LogForm = {");
        declared("export type PetitionDetail = {");
        // What is declared names nothing that is not.
        for name in ["RecordId", "EventId", "Date", "Timestamp", "bigint", "JsonValue"] {
            assert!(!module.split(|c: char| !c.is_alphanumeric()).any(|word| word == name), "{name}\n{module}");
        }
    }
}
