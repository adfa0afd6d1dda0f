//! What is kept of a person who spoke.

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use super::origin::Origin;
use crate::model::petition::named;

/// Longer names are not taken.
pub const MAX_NAME_BYTES: usize = 400;
/// Longer telephone numbers are not taken.
pub const MAX_PHONE_BYTES: usize = 60;
/// Longer addresses are not taken.
pub const MAX_ADDRESS_BYTES: usize = 1200;
/// A number of fewer digits reaches nobody.
const MIN_DIGITS: usize = 3;
/// Lengths are hidden up to a multiple of this.
const PADDING: usize = 256;

named!(
    /// What the person has agreed to (Law on Personal Data Protection 91/2025/QH15: consent is given for a purpose).
    Consent {
        /// May be called or visited about the matter.
        Contact = "contact",
        /// The body that settles it may be told who spoke.
        Share = "share",
    }
);

/// Who spoke, as far as it was told.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// As told.
    pub name: Option<String>,
    /// Digits, with or without what people put between them.
    pub phone: Option<String>,
    /// Where to bring the answer.
    pub address: Option<String>,
    /// What was agreed to; none: not asked.
    pub consent: Option<Vec<Consent>>,
    /// Where and to whom a sealed petition was told; none for an ordinary one, which says so itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<Origin>,
}

/// Why it cannot be kept. Names the field, never what is in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PersonFault {
    /// Neither name nor telephone nor address.
    #[error("nothing is said of the person")]
    Empty,
    /// Longer than a field may be.
    #[error("{field} is longer than {limit} bytes")]
    TooLong {
        /// Which.
        field: &'static str,
        /// In bytes of UTF-8.
        limit: usize,
    },
    /// Not the digits of a telephone number.
    #[error("not a telephone number")]
    Phone,
}

/// As it lies inside what is sealed.
#[derive(Encode, Decode)]
#[cbor(map)]
struct Plain {
    #[n(0)]
    name: Option<String>,
    #[n(1)]
    phone: Option<String>,
    #[n(2)]
    address: Option<String>,
    #[n(3)]
    consent: Option<Vec<String>>,
    #[n(4)]
    origin: Option<Origin>,
}

impl Person {
    /// Puts it in order: blanks at the ends go, what is blank is absent. Says what cannot be kept.
    pub fn tidied(self) -> Result<Self, PersonFault> {
        let tidy = |text: Option<String>| text.map(|t| t.trim().to_owned()).filter(|t| !t.is_empty());
        let person = Self { name: tidy(self.name), phone: tidy(self.phone), address: tidy(self.address), ..self };
        if person.is_nobody() && person.origin.is_none() {
            return Err(PersonFault::Empty);
        }
        let long = |text: &Option<String>, field, limit| match text {
            Some(text) if text.len() > limit => Err(PersonFault::TooLong { field, limit }),
            _ => Ok(()),
        };
        long(&person.name, "name", MAX_NAME_BYTES)?;
        long(&person.phone, "phone", MAX_PHONE_BYTES)?;
        long(&person.address, "address", MAX_ADDRESS_BYTES)?;
        match &person.phone {
            Some(phone) if !is_number(phone) => Err(PersonFault::Phone),
            _ => Ok(person),
        }
    }

    /// Whether neither name nor telephone nor address is known.
    pub fn is_nobody(&self) -> bool {
        self.name.is_none() && self.phone.is_none() && self.address.is_none()
    }

    /// Its bytes, all of few lengths, so that the length tells nothing of the name.
    pub(super) fn to_padded(&self) -> Vec<u8> {
        let plain = Plain {
            name: self.name.clone(),
            phone: self.phone.clone(),
            address: self.address.clone(),
            consent: self.consent.as_ref().map(|c| c.iter().map(ToString::to_string).collect()),
            origin: self.origin.clone(),
        };
        padded(&plain, PADDING)
    }

    /// From them; what lies behind the value is padding. A consent of a newer program is passed over.
    pub(super) fn from_padded(bytes: &[u8]) -> Option<Self> {
        let plain: Plain = minicbor::decode(bytes).ok()?;
        let consent = plain.consent.map(|words| words.iter().filter_map(|w| Consent::parse(w)).collect());
        Some(Self { name: plain.name, phone: plain.phone, address: plain.address, consent, origin: plain.origin })
    }
}

/// A value's bytes, filled up to a multiple of `to`.
pub(super) fn padded(value: &impl Encode<()>, to: usize) -> Vec<u8> {
    // Writing to memory cannot fail.
    let mut bytes = minicbor::to_vec(value).unwrap_or_default();
    bytes.resize(bytes.len().next_multiple_of(to), 0);
    bytes
}

fn is_number(phone: &str) -> bool {
    let digits = phone.chars().filter(char::is_ascii_digit).count();
    digits >= MIN_DIGITS && phone.chars().all(|c| c.is_ascii_digit() || " +-.()/".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(name: &str, phone: &str) -> Person {
        Person { name: Some(name.to_owned()), phone: Some(phone.to_owned()), ..Person::default() }
    }

    #[test]
    fn the_length_of_a_name_does_not_show() {
        let short = person("An", "0912345678").to_padded();
        let long = person("Nguyễn Thị Hoàng Phương Thảo", "0912 345 678").to_padded();
        assert_eq!(short.len(), long.len());
        assert_eq!(Person::from_padded(&short), Some(person("An", "0912345678")));
    }

    #[test]
    fn what_cannot_be_kept_is_told_by_its_field() {
        assert_eq!(person("  ", " ").tidied(), Err(PersonFault::Empty));
        assert_eq!(person("An", "gọi cô Ba").tidied(), Err(PersonFault::Phone));
        assert_eq!(person(" An ", " +84 912-345-678 ").tidied(), Ok(person("An", "+84 912-345-678")));
        let long = "ă".repeat(MAX_NAME_BYTES);
        assert_eq!(person(&long, "").tidied(), Err(PersonFault::TooLong { field: "name", limit: MAX_NAME_BYTES }));
    }
}
