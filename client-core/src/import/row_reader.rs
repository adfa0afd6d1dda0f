//! Reading one row by the facts of a mapping, with a reason where that fails.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;

use super::fact::{Columns, Fact, Unreadable, read_count, read_yes_no};
use super::mapping::{EventRule, Mapping};
use super::moment::Moment;
use super::refused::{FactPlace, RefusedReason};
use super::row::PlannedFacts;
use super::source::SourceRow;
use super::vocabulary::is_date;

/// A row and what is needed to read it.
pub(super) struct RowReader<'a> {
    pub row: &'a SourceRow,
    pub columns: &'a Columns,
    pub zone: &'a TimeZone,
}

/// Where a fact stands in the mapping.
#[derive(Clone, Copy)]
struct Place<'a> {
    event: Option<&'a str>,
    name: &'a str,
}

impl Place<'_> {
    fn of(self, fact: &Fact) -> FactPlace {
        FactPlace {
            fact: match self.event {
                Some(kind) => format!("events.{kind}.{}", self.name),
                None => self.name.to_owned(),
            },
            columns: fact.columns().into_iter().map(str::to_owned).collect(),
        }
    }
}

/// An event as the row tells it, not yet set among the others.
pub(super) struct FoundEvent<'a> {
    pub rule: &'a EventRule,
    pub moment: Moment,
    pub args: BTreeMap<String, String>,
}

impl FoundEvent<'_> {
    /// The reason to refuse the row for this event's date.
    pub fn before_logging(&self) -> RefusedReason {
        let place = Place { event: Some(self.rule.shape.kind), name: "at" };
        RefusedReason::EventBeforeLogging(place.of(&self.rule.at))
    }
}

impl RowReader<'_> {
    /// The petition's facts and when it was logged.
    pub fn facts(&self, mapping: &Mapping) -> Result<(PlannedFacts, Moment), RefusedReason> {
        let fact = |name: &'static str| mapping.petition.get(name).map(|fact| (Place { event: None, name }, fact));
        let text = |name| match fact(name) {
            Some((place, fact)) => self.text(place, fact),
            None => Ok(None),
        };
        // Parsing a mapping sees to it that these are mapped and not optional, so a blank was refused before.
        let required = |name| Ok(text(name)?.unwrap_or_default());
        let (place, logged_fact) = fact("logged_at").ok_or_else(|| missing("logged_at"))?;
        let logged = self.date(place, logged_fact)?.ok_or_else(|| RefusedReason::DateBlank(place.of(logged_fact)))?;
        let facts = PlannedFacts {
            unit: required("unit")?,
            hamlet: text("hamlet")?,
            kind: text("kind")?,
            channel: text("channel")?,
            category: text("category")?,
            text: required("text")?,
            place: text("place")?,
            urgent: self.parsed(fact("urgent"), read_yes_no)?.unwrap_or(false),
            collective: self.parsed(fact("collective"), read_count)?,
            logged_at: logged.at,
        };
        Ok((facts, logged))
    }

    /// The event of one rule, or nothing when it did not happen: its date or target is blank, or an argument it
    /// makes no sense without is blank and may be.
    ///
    /// A date that cannot be read refuses the row even when the event would not have happened: it is a slip to
    /// be mended either way.
    pub fn event<'r>(&self, rule: &'r EventRule) -> Result<Option<FoundEvent<'r>>, RefusedReason> {
        let place = |name| Place { event: Some(rule.shape.kind), name };
        let moment = self.moment(place("at"), &rule.at)?;
        for (name, fact) in rule.arguments.iter().filter(|(name, _)| is_date(name)) {
            self.moment(place(name), fact)?;
        }
        let target = rule.shape.target.and_then(|name| Some((name, rule.arguments.get(name)?)));
        if let Some((name, fact)) = target
            && self.text_or_blank(place(name), fact)?.is_none()
        {
            return Ok(None);
        }
        let Some(moment) = moment else {
            return if rule.at.optional { Ok(None) } else { Err(RefusedReason::DateBlank(place("at").of(&rule.at))) };
        };
        let mut args = BTreeMap::new();
        for (name, fact) in &rule.arguments {
            let value = if is_date(name) {
                self.date(place(name), fact)?.map(|moment| moment.day.to_string())
            } else {
                // A blank target was met above.
                self.text(place(name), fact)?
            };
            match value {
                Some(value) => args.insert(name.clone(), value),
                None if rule.shape.essential.contains(&name.as_str()) => return Ok(None),
                None => None,
            };
        }
        Ok(Some(FoundEvent { rule, moment, args }))
    }

    fn text_or_blank(&self, place: Place<'_>, fact: &Fact) -> Result<Option<String>, RefusedReason> {
        fact.text(self.row, self.columns).map_err(|Unreadable| RefusedReason::FactUnreadable(place.of(fact)))
    }

    fn text(&self, place: Place<'_>, fact: &Fact) -> Result<Option<String>, RefusedReason> {
        match self.text_or_blank(place, fact)? {
            None if !fact.optional => Err(RefusedReason::FactBlank(place.of(fact))),
            found => Ok(found),
        }
    }

    fn parsed<T>(
        &self,
        fact: Option<(Place<'_>, &Fact)>,
        parse: fn(&str) -> Option<T>,
    ) -> Result<Option<T>, RefusedReason> {
        let Some((place, fact)) = fact else {
            return Ok(None);
        };
        let Some(text) = self.text(place, fact)? else {
            return Ok(None);
        };
        parse(&text).map(Some).ok_or_else(|| RefusedReason::FactUnreadable(place.of(fact)))
    }

    fn moment(&self, place: Place<'_>, fact: &Fact) -> Result<Option<Moment>, RefusedReason> {
        fact.moment(self.row, self.columns, self.zone)
            .map_err(|Unreadable| RefusedReason::DateUnreadable(place.of(fact)))
    }

    fn date(&self, place: Place<'_>, fact: &Fact) -> Result<Option<Moment>, RefusedReason> {
        match self.moment(place, fact)? {
            None if !fact.optional => Err(RefusedReason::DateBlank(place.of(fact))),
            found => Ok(found),
        }
    }
}

fn missing(name: &str) -> RefusedReason {
    RefusedReason::DateBlank(FactPlace { fact: name.to_owned(), columns: Vec::new() })
}
