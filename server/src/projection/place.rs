//! What a petition is counted under, in one column.
//!
//! `["30904","kt-30904",false,"land","dialogue","feedback"]`: unit, lead body or null, contested, category or null,
//! channel, kind. One text, because a report reads tens of thousands of rows of which few hundred differ: it looks a place
//! up by its text and takes it apart once.

use std::borrow::Cow;

use sync::model::petition::{Channel, Kind, Moment};

use super::error::ProjectionError;

/// What a petition is counted under. Ids as the petition names them: successions are the reader's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place<'a> {
    /// Commune.
    pub unit: Cow<'a, str>,
    /// Lead body; none when no body holds it.
    pub body: Option<Cow<'a, str>>,
    /// Rival referrals are undecided.
    pub contested: bool,
    /// Subject matter.
    pub category: Option<Cow<'a, str>>,
    /// How it was heard.
    pub channel: Channel,
    /// Legal kind.
    pub kind: Kind,
}

type Text<'a> = Cow<'a, str>;

impl<'a> Place<'a> {
    /// Of a moment of its history.
    pub fn of(moment: &'a Moment) -> Self {
        Self {
            unit: moment.now.unit.as_str().into(),
            body: moment.lead().map(|b| b.as_str().into()),
            contested: moment.contested,
            category: moment.now.category.as_ref().map(|c| c.as_str().into()),
            channel: moment.now.channel,
            kind: moment.now.kind,
        }
    }

    /// As the column holds it; the same place always gives the same text.
    pub fn to_text(&self) -> String {
        let Place { unit, body, contested, category, channel, kind } = self;
        // Strings, booleans and null cannot fail to be written.
        serde_json::to_string(&(unit, body, contested, category, channel, kind)).unwrap_or_default()
    }

    /// Reads it back.
    pub fn read(text: &str) -> Result<Place<'static>, ProjectionError> {
        Self::parse(text).ok_or(ProjectionError::Place)
    }

    fn parse(text: &str) -> Option<Place<'static>> {
        type Row = (String, Option<String>, bool, Option<String>, String, String);
        let (unit, body, contested, category, channel, kind): Row = serde_json::from_str(text).ok()?;
        Some(Place {
            unit: Text::Owned(unit),
            body: body.map(Text::Owned),
            contested,
            category: category.map(Text::Owned),
            channel: Channel::parse(&channel)?,
            kind: Kind::parse(&kind)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_reads_back_as_written_whatever_its_ids() {
        let place = Place {
            unit: "a\"],[\u{1f} Ấp 1".into(),
            body: None,
            contested: true,
            category: Some("c|\\".into()),
            channel: Channel::VoterContact,
            kind: Kind::Mixed,
        };
        assert_eq!(Place::read(&place.to_text()).ok(), Some(place));
        let usual = r#"["30904","kt",false,"land","dialogue","feedback"]"#;
        assert_eq!(Place::read(usual).map(|p| p.to_text()).ok().as_deref(), Some(usual));
        assert!(Place::read("[1]").is_err());
    }
}
