//! Who spoke, as it is told.

use serde::{Deserialize, Serialize};
use sync::identity::{Consent, Person};

/// What was said of the person.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields, default)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(optional_fields = nullable))]
pub struct PersonForm {
    /// As told.
    pub name: Option<String>,
    /// Telephone.
    pub phone: Option<String>,
    /// Where to bring the answer.
    pub address: Option<String>,
    /// What was agreed to; none: not asked.
    pub consent: Option<Vec<Consent>>,
}

impl PersonForm {
    /// None where nothing was said.
    pub(super) fn person(&self) -> Option<Person> {
        if *self == Self::default() {
            return None;
        }
        let Self { name, phone, address, consent } = self.clone();
        Some(Person { name, phone, address, consent, origin: None })
    }
}
