//! Untyped entries: what revisions are made of, so that an older program keeps the fields of a newer one.

use std::collections::BTreeMap;

use minicbor::data::Type;
use minicbor::{Decode, Encode};

use crate::model::petition::named;
use serde::{Deserialize, Serialize};

named!(
    /// The tables of the directory file.
    EntityKind {
        /// Zone, lease and other settings of the tenant.
        Setting = "setting",
        /// Holidays and working Saturdays.
        Calendar = "calendar",
        /// Front offices.
        Office = "office",
        /// Places.
        Unit = "unit",
        /// Organisations.
        Body = "body",
        /// Subject matters.
        Category = "category",
        /// Which body is suggested for what.
        Routing = "routing",
        /// Offices held by people.
        Post = "post",
        /// People.
        User = "user",
        /// Who holds which post from when to when, where dates matter.
        Holding = "holding",
        /// Deadline rules.
        Policy = "policy",
    }
);

/// A field's value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// The field is taken away.
    Null,
    /// Text, codes, dates, terms.
    Text(String),
    /// Yes or no.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A list of texts.
    List(Vec<String>),
}

/// Field name → value.
pub type Fields = BTreeMap<String, Value>;

impl<C> Encode<C> for EntityKind {
    fn encode<W: minicbor::encode::Write>(
        &self,
        e: &mut minicbor::Encoder<W>,
        _: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        e.str(self.as_str())?.ok()
    }
}

impl<'b, C> Decode<'b, C> for EntityKind {
    fn decode(d: &mut minicbor::Decoder<'b>, _: &mut C) -> Result<Self, minicbor::decode::Error> {
        EntityKind::parse(d.str()?).ok_or_else(|| minicbor::decode::Error::message("unknown kind of directory entry"))
    }
}

impl<C> Encode<C> for Value {
    fn encode<W: minicbor::encode::Write>(
        &self,
        e: &mut minicbor::Encoder<W>,
        ctx: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        match self {
            Value::Null => e.null()?.ok(),
            Value::Text(t) => e.str(t)?.ok(),
            Value::Bool(b) => e.bool(*b)?.ok(),
            Value::Int(i) => e.i64(*i)?.ok(),
            Value::List(l) => l.encode(e, ctx),
        }
    }
}

impl<'b, C> Decode<'b, C> for Value {
    fn decode(d: &mut minicbor::Decoder<'b>, ctx: &mut C) -> Result<Self, minicbor::decode::Error> {
        Ok(match d.datatype()? {
            Type::Null => {
                d.null()?;
                Value::Null
            }
            Type::String => Value::Text(d.str()?.to_owned()),
            Type::Bool => Value::Bool(d.bool()?),
            Type::Array => Value::List(Vec::decode(d, ctx)?),
            _ => Value::Int(d.i64()?),
        })
    }
}
