//! Newtypes for everything that has a name of its own, so that a body can never be passed where a unit is meant.

use std::fmt;
use std::str::FromStr;

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// Why a text is not an identifier.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a valid {what}")]
pub struct IdError {
    /// What was expected.
    pub what: &'static str,
}

macro_rules! uuid_id {
    ($(#[$doc:meta])* $name:ident, $what:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl $name {
            /// From its 16 bytes.
            pub fn from_bytes(bytes: [u8; 16]) -> Self {
                Self(Uuid::from_bytes(bytes))
            }

            /// From a slice that must have 16 bytes.
            pub fn from_slice(bytes: &[u8]) -> Result<Self, IdError> {
                Uuid::from_slice(bytes).map(Self).map_err(|_| IdError { what: $what })
            }

            /// Its 16 bytes.
            pub fn as_bytes(&self) -> &[u8; 16] {
                self.0.as_bytes()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.hyphenated().fmt(f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({})", stringify!($name), self.0)
            }
        }

        impl FromStr for $name {
            type Err = IdError;
            fn from_str(s: &str) -> Result<Self, IdError> {
                Uuid::try_parse(s).map(Self).map_err(|_| IdError { what: $what })
            }
        }

        impl<C> Encode<C> for $name {
            fn encode<W: minicbor::encode::Write>(
                &self,
                e: &mut minicbor::Encoder<W>,
                _: &mut C,
            ) -> Result<(), minicbor::encode::Error<W::Error>> {
                e.bytes(self.0.as_bytes())?.ok()
            }
        }

        impl<'b, C> Decode<'b, C> for $name {
            fn decode(d: &mut minicbor::Decoder<'b>, _: &mut C) -> Result<Self, minicbor::decode::Error> {
                Self::from_slice(d.bytes()?).map_err(|e| minicbor::decode::Error::message(e.to_string()))
            }
        }
    };
}

uuid_id!(
    /// A record: UUIDv7 made on the device, or UUIDv8 computed from (tenant, source, key) for an imported one.
    RecordId, "record id"
);
uuid_id!(
    /// An event, or a directory revision, inside a record.
    EventId, "event id"
);
uuid_id!(
    /// An enrolled device.
    DeviceId, "device id"
);
uuid_id!(
    /// A tenant: one server database, one log.
    TenantId, "tenant id"
);
uuid_id!(
    /// One life of a server's database; a restored copy starts a new one.
    ServerEpoch, "server epoch"
);
uuid_id!(
    /// One life of a replica's database: 16 random bytes, new at install, at restore, after a rebase.
    Epoch, "epoch"
);

macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, Encode, Decode)]
        #[serde(transparent)]
        #[cbor(transparent)]
        pub struct $name(#[n(0)] pub String);

        impl $name {
            /// The text itself.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({:?})", stringify!($name), self.0)
            }
        }

        impl From<&str> for $name {
            fn from(s: &str) -> Self {
                Self(s.to_owned())
            }
        }

        impl From<String> for $name {
            fn from(s: String) -> Self {
                Self(s)
            }
        }
    };
}

text_id!(
    /// A person's account in the directory.
    UserId
);
text_id!(
    /// A place (*xã, phường, đặc khu; ấp, khu phố*). Not its code: codes are reused with another meaning.
    UnitId
);
text_id!(
    /// A Front office (*Ủy ban MTTQ Việt Nam* of a commune, a province).
    OfficeId
);
text_id!(
    /// An organisation that can be referred to.
    BodyId
);
text_id!(
    /// An office held by people from when to when.
    PostId
);
text_id!(
    /// A subject matter (*lĩnh vực*).
    CategoryId
);

/// The SHA-256 that Automerge gives a change.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Hash(pub [u8; 32]);

impl Hash {
    /// From a slice that must have 32 bytes.
    pub fn from_slice(bytes: &[u8]) -> Result<Self, IdError> {
        bytes.try_into().map(Self).map_err(|_| IdError { what: "change hash" })
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for b in &self.0[..6] {
            write!(f, "{b:02x}")?;
        }
        Ok(())
    }
}

impl From<automerge::ChangeHash> for Hash {
    fn from(h: automerge::ChangeHash) -> Self {
        Self(h.0)
    }
}

impl From<Hash> for automerge::ChangeHash {
    fn from(h: Hash) -> Self {
        automerge::ChangeHash(h.0)
    }
}

impl<C> Encode<C> for Hash {
    fn encode<W: minicbor::encode::Write>(
        &self,
        e: &mut minicbor::Encoder<W>,
        _: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        e.bytes(&self.0)?.ok()
    }
}

impl<'b, C> Decode<'b, C> for Hash {
    fn decode(d: &mut minicbor::Decoder<'b>, _: &mut C) -> Result<Self, minicbor::decode::Error> {
        Self::from_slice(d.bytes()?).map_err(|e| minicbor::decode::Error::message(e.to_string()))
    }
}

/// One linear stream of changes in one record. Never a person.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ActorId(pub [u8; 16]);

impl ActorId {
    /// The only actor a device may write a record under, in one life of its database:
    /// the first 16 bytes of SHA-256(device public key ‖ record ‖ epoch).
    pub fn derive(device_key: &[u8; 32], record: RecordId, epoch: Epoch) -> Self {
        let mut h = Sha256::new();
        h.update(device_key);
        h.update(record.as_bytes());
        h.update(epoch.as_bytes());
        let digest: [u8; 32] = h.finalize().into();
        let mut id = [0; 16];
        id.copy_from_slice(&digest[..16]);
        Self(id)
    }

    /// As Automerge wants it.
    pub fn to_automerge(self) -> automerge::ActorId {
        automerge::ActorId::from(self.0)
    }
}

impl fmt::Debug for ActorId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for b in &self.0[..4] {
            write!(f, "{b:02x}")?;
        }
        Ok(())
    }
}

/// A UUIDv8 that is the same wherever it is computed: the first 16 bytes of SHA-256 over the parts, each with its length.
pub fn stable_uuid(parts: &[&[u8]]) -> Uuid {
    let mut h = Sha256::new();
    for part in parts {
        h.update((part.len() as u64).to_be_bytes());
        h.update(part);
    }
    let digest: [u8; 32] = h.finalize().into();
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}

/// The part of the log that one audience may hold.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum FeedId {
    /// Everyone.
    Directory,
    /// The officers of a unit.
    Unit(UnitId),
    /// The staff and leaders of a Front office.
    Office(OfficeId),
    /// The handlers of a body.
    Body(BodyId),
    /// Those who are entrusted with an office's sealed petitions.
    Sealed(OfficeId),
}

impl fmt::Display for FeedId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FeedId::Directory => f.write_str("directory"),
            FeedId::Unit(u) => write!(f, "unit:{u}"),
            FeedId::Office(o) => write!(f, "office:{o}"),
            FeedId::Body(b) => write!(f, "body:{b}"),
            FeedId::Sealed(o) => write!(f, "sealed:{o}"),
        }
    }
}

impl FromStr for FeedId {
    type Err = IdError;
    fn from_str(s: &str) -> Result<Self, IdError> {
        match s.split_once(':') {
            None if s == "directory" => Ok(FeedId::Directory),
            Some(("unit", u)) => Ok(FeedId::Unit(u.into())),
            Some(("office", o)) => Ok(FeedId::Office(o.into())),
            Some(("body", b)) => Ok(FeedId::Body(b.into())),
            Some(("sealed", o)) => Ok(FeedId::Sealed(o.into())),
            _ => Err(IdError { what: "feed" }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stable_uuid_is_version_8_and_separates_its_parts() {
        let a = stable_uuid(&[b"ab", b"c"]);
        assert_eq!(a.get_version_num(), 8);
        assert_eq!(a, stable_uuid(&[b"ab", b"c"]));
        assert_ne!(a, stable_uuid(&[b"a", b"bc"]));
    }

    #[test]
    fn feeds_read_back_as_written() {
        let sealed = FeedId::Sealed("mttq-30904".into());
        for feed in [FeedId::Directory, FeedId::Unit("30904".into()), FeedId::Body("kt:1".into()), sealed] {
            assert_eq!(feed.to_string().parse::<FeedId>(), Ok(feed));
        }
        assert!("nonsense".parse::<FeedId>().is_err());
    }
}
