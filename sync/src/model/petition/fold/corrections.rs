//! Corrections of facts: the latest in causal order is in force, and those made apart from each other are conflicts.

use std::collections::BTreeMap;

use super::effect::NoEffect;
use super::moment::Current;
use super::turn::Turn;
use crate::id::{CategoryId, UnitId};
use crate::model::petition::action::Field;
use crate::model::petition::facts::{Channel, Kind};

/// Of each field, the values (and by which event, as its index) that no later correction had seen.
#[derive(Default)]
pub(super) struct Corrections(BTreeMap<Field, Vec<(usize, String)>>);

impl Corrections {
    /// Puts a value in force, in place of those its author had seen.
    pub(super) fn write(
        &mut self,
        now: &mut Current,
        turn: &Turn<'_>,
        field: Field,
        value: &str,
    ) -> Result<(), NoEffect> {
        set(now, field, value)?;
        let writers = self.0.entry(field).or_default();
        writers.retain(|(index, _)| !turn.saw(*index));
        writers.push((turn.index, value.to_owned()));
        Ok(())
    }

    /// Fields corrected apart to different values: the values in question, the one in force last.
    pub(super) fn conflicts(self) -> BTreeMap<Field, Vec<String>> {
        self.0
            .into_iter()
            .map(|(field, writers)| (field, writers.into_iter().map(|(_, v)| v).collect::<Vec<_>>()))
            .filter(|(_, values)| values.iter().any(|v| Some(v) != values.first()))
            .collect()
    }
}

/// Reads a value as that fact.
fn set(now: &mut Current, field: Field, value: &str) -> Result<(), NoEffect> {
    let text = || Some(value.to_owned()).filter(|v| !v.is_empty());
    match field {
        Field::Kind => now.kind = Kind::parse(value).ok_or(NoEffect::BadValue)?,
        Field::Channel => now.channel = Channel::parse(value).ok_or(NoEffect::BadValue)?,
        Field::Urgent => now.urgent = value.parse().map_err(|_| NoEffect::BadValue)?,
        Field::Collective => {
            now.collective = text().map(|v| v.parse()).transpose().map_err(|_| NoEffect::BadValue)?;
        }
        Field::Unit => now.unit = text().ok_or(NoEffect::BadValue)?.into(),
        Field::Text => now.text = Some(text().ok_or(NoEffect::BadValue)?),
        Field::Category => now.category = text().map(CategoryId),
        Field::Hamlet => now.hamlet = text().map(UnitId),
        Field::Place => now.place = text(),
    }
    Ok(())
}
