//! What documents hold as CBOR, inside a command's JSON: base64 of the same bytes, whose numbers never change meaning.

use data_encoding::BASE64URL_NOPAD;
use minicbor::{Decode, Encode};
use serde::de::Error as _;
use serde::ser::Error as _;
use serde::{Deserialize, Deserializer, Serializer};

/// Writes.
pub fn serialize<T: Encode<()>, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
    let bytes = minicbor::to_vec(value).map_err(|_| S::Error::custom("cannot be encoded"))?;
    serializer.serialize_str(&BASE64URL_NOPAD.encode(&bytes))
}

/// Reads.
pub fn deserialize<'de, T: for<'b> Decode<'b, ()>, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    let text = String::deserialize(deserializer)?;
    let bytes = BASE64URL_NOPAD.decode(text.as_bytes()).map_err(|_| D::Error::custom("not base64"))?;
    minicbor::decode(&bytes).map_err(|_| D::Error::custom("not readable"))
}
