//! Facts inside a command's JSON, field by field: a refused command shows its author what was typed.

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize};
use sync::id::{CategoryId, EventId, OfficeId, PostId, RecordId, UnitId};
use sync::model::petition::{Channel, Facts, Kind, Source};
use sync::model::session::SessionFacts;

/// [`Source`] as two texts.
mod source {
    use super::{Deserialize, Deserializer, Serialize, Source};
    use serde::Serializer;

    pub fn serialize<S: Serializer>(source: &Option<Source>, serializer: S) -> Result<S::Ok, S::Error> {
        source.as_ref().map(|s| (&s.name, &s.key)).serialize(serializer)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Source>, D::Error> {
        let pair: Option<(String, String)> = Option::deserialize(deserializer)?;
        Ok(pair.map(|(name, key)| Source { name, key }))
    }
}

/// The form of [`Facts`].
#[derive(Serialize, Deserialize)]
#[serde(remote = "Facts")]
pub(super) struct FactsForm {
    kind: Kind,
    category: Option<CategoryId>,
    unit: UnitId,
    hamlet: Option<UnitId>,
    channel: Channel,
    text: String,
    place: Option<String>,
    urgent: bool,
    collective: Option<u32>,
    session: Option<RecordId>,
    petitioner: Option<EventId>,
    at: Timestamp,
    stamped: Option<Timestamp>,
    by: PostId,
    split_from: Option<RecordId>,
    #[serde(with = "source")]
    source: Option<Source>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sealed: Option<OfficeId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    erased: Option<Timestamp>,
}

/// The form of [`SessionFacts`].
#[derive(Serialize, Deserialize)]
#[serde(remote = "SessionFacts")]
pub(super) struct SessionFactsForm {
    kind: Channel,
    unit: UnitId,
    at: Timestamp,
    stamped: Option<Timestamp>,
    title: Option<String>,
    chair: Option<PostId>,
    present: Option<u32>,
    by: PostId,
}
