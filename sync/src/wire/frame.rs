//! What comes down: frames of about 32 KB, each ending in the cursor to be committed with its data.

use minicbor::bytes::{ByteArray, ByteVec};
use minicbor::{Decode, Encode};
use sha2::{Digest as _, Sha256};

use super::ack::Ack;
use super::identity::{Erased, GivenVersion, IdentityAck, IdentityAnswer, Relock};
use super::keys::TenantKeys;
use super::positions::PositionSet;
use super::{MAX_FRAME_BYTES, PROTOCOL_VERSION};
use crate::id::{DeviceId, Epoch, EventId, RecordId, ServerEpoch, TenantId};
use crate::signed::ReceiptClaim;

/// How far a replica has followed the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct Cursor {
    /// The server's life the position belongs to.
    #[n(0)]
    pub server_epoch: ServerEpoch,
    /// Rises when the device's feeds change.
    #[n(1)]
    pub grant: u32,
    /// Everything up to here is held.
    #[n(2)]
    pub position: u64,
}

/// How far a first fill has come: open records first, then the others, each newest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct FillCursor {
    /// The log is followed from here once the fill is complete.
    #[n(0)]
    pub as_of: u64,
    /// 0: open records; 1: all others.
    #[n(1)]
    pub pass: u8,
    /// Records created before this position remain.
    #[n(2)]
    pub before: u64,
    /// The grant the fill is for: another one begins anew.
    #[n(3)]
    pub grant: u32,
    /// The server's life the positions belong to.
    #[n(4)]
    pub server_epoch: ServerEpoch,
}

/// The first frame says who speaks.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Hello {
    /// [`PROTOCOL_VERSION`].
    #[n(0)]
    pub version: u32,
    /// This life of the server.
    #[n(1)]
    pub server_epoch: ServerEpoch,
    /// The server's clock, milliseconds since 1970.
    #[n(2)]
    pub now: i64,
    /// The device's present grant.
    #[n(3)]
    pub grant: u32,
    /// A fill begins with this response: what it does not name and has nothing unsent is let go of at its end.
    #[n(4)]
    pub fill: bool,
    /// What the device follows is a former life of the server, which has been put back from a copy since: of that life it
    /// holds everything up to this position. What lies beyond may have to be brought back to it.
    #[n(5)]
    pub base: Option<u64>,
    /// The tenant's keys, when the device does not know them as they are.
    #[n(6)]
    pub keys: Option<TenantKeys>,
}

/// A device as authors are known to replicas.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct DeviceRow {
    /// The device.
    #[n(0)]
    pub device: DeviceId,
    /// Its signing key: actors are computed from it.
    #[n(1)]
    pub key: ByteArray<32>,
    /// Its user's id in the directory.
    #[n(2)]
    pub user: String,
}

/// One thing that happened in the feeds the device may hold.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub enum Entry {
    /// A change.
    #[n(0)]
    Change {
        /// None: the record of the entry before.
        #[n(0)]
        record: Option<RecordId>,
        /// Index into the response's devices.
        #[n(1)]
        device: u32,
        /// Index into the response's epochs.
        #[n(2)]
        epoch: u32,
        /// Its position, less the position of the change before in this response.
        #[n(3)]
        position: i64,
        /// When the server took it, less that of the change before, milliseconds.
        #[n(4)]
        received: i64,
        /// The stripped change.
        #[n(5)]
        body: ByteVec,
    },
    /// The record left every feed the device may hold.
    #[n(1)]
    Leave {
        /// Which.
        #[n(0)]
        record: RecordId,
    },
    /// When what happened to a record came, where the changes that follow were written later: its words were taken out.
    #[n(2)]
    Noted {
        /// Which.
        #[n(0)]
        record: RecordId,
        /// Of the creation, under the nil id, and of each event.
        #[n(1)]
        arrivals: Vec<NotedArrival>,
    },
}

/// When one event came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct NotedArrival {
    /// The event.
    #[n(0)]
    pub event: EventId,
    /// Index into the response's devices.
    #[n(1)]
    pub device: u32,
    /// When the server took it, milliseconds since 1970.
    #[n(2)]
    pub received: i64,
    /// Its place in the log.
    #[n(3)]
    pub position: u64,
}

/// What the server believes a replica holds of one feed at the cursor: exclusive-or over records of
/// the first 8 bytes of SHA-256(record ‖ sorted heads).
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Digest {
    /// `directory`, `unit:…`, `office:…`, `body:…`.
    #[n(0)]
    pub feed: String,
    /// The sum.
    #[n(1)]
    pub sum: ByteArray<8>,
}

/// A frame.
#[derive(Debug, Clone, Default, PartialEq, Encode, Decode)]
#[cbor(map)]
pub struct Frame {
    /// Only in the first.
    #[n(0)]
    pub hello: Option<Hello>,
    /// Continues the acknowledgements, in the order of the push.
    #[n(1)]
    pub acks: Option<Vec<Ack>>,
    /// Continues the table of devices.
    #[n(2)]
    pub devices: Option<Vec<DeviceRow>>,
    /// Continues the table of epochs.
    #[n(3)]
    pub epochs: Option<Vec<Epoch>>,
    /// What happened.
    #[n(4)]
    pub entries: Option<Vec<Entry>>,
    /// To be committed with the entries.
    #[n(5)]
    pub cursor: Option<Cursor>,
    /// To be committed with the entries; none when the fill is complete.
    #[n(6)]
    pub fill: Option<FillCursor>,
    /// No frame follows.
    #[n(7)]
    pub last: bool,
    /// In the last frame, when everything up to the cursor is held.
    #[n(8)]
    pub digests: Option<Vec<Digest>>,
    /// The server's signature over all of the others.
    #[n(9)]
    pub receipt: Option<ByteArray<64>>,
    /// The root over the changes it acknowledges and brings, see [`crate::leaf`]; none when there are none.
    #[n(10)]
    pub root: Option<ByteArray<32>>,
    /// In the last frame: of the positions the request says the device can prove, those the server has lost.
    #[n(11)]
    pub lacks: Option<PositionSet>,
    /// In the last frame, when everything up to the cursor is held: the exclusive-or of the digests of all the records the
    /// device may hold, whatever feeds they are in.
    #[n(12)]
    pub whole: Option<ByteArray<8>>,
    /// In the last frame, when it is asked for: the same for each of the 256 buckets.
    #[n(13)]
    pub buckets: Option<ByteVec>,
    /// In the last frame, when it is asked for: every record of some buckets.
    #[n(14)]
    pub held: Option<Vec<Held>>,
    /// In the last frame: what became of the identities pushed, in their order.
    #[n(15)]
    pub identity_acks: Option<Vec<IdentityAck>>,
    /// In the last frame: who spoke, as was asked.
    #[n(16)]
    pub identities: Option<Vec<IdentityAnswer>>,
    /// In the last frame: the persons that were forgotten since the device was last told, oldest first.
    #[n(17)]
    pub erased: Option<Vec<Erased>>,
    /// In the last frame: words of sealed petitions that the device said it lacks.
    #[n(18)]
    pub words: Option<Vec<GivenVersion>>,
    /// In the last frame: what this device can open, and another that is entrusted with it cannot yet.
    #[n(19)]
    pub relock: Option<Vec<Relock>>,
    /// In the last frame: what the device was told were forgotten are not those that the server knows; it is to bring all of them.
    #[n(20)]
    pub erased_differ: Option<bool>,
}

/// A record that a device may hold, and the digest of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct Held {
    /// Which.
    #[n(0)]
    pub record: RecordId,
    /// See [`crate::digest::digest_of`].
    #[n(1)]
    pub digest: ByteArray<8>,
}

/// Why bytes are no frame.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FrameError {
    /// Larger than a frame may be.
    #[error("a frame of {0} bytes is larger than allowed")]
    TooLarge(usize),
    /// Not CBOR of a frame.
    #[error("not a readable frame")]
    Unreadable,
    /// Another version.
    #[error("the other end speaks version {0} of the protocol, this program {PROTOCOL_VERSION}: update the older one")]
    Version(u32),
    /// The stream ended inside a frame.
    #[error("the connection was cut inside a frame")]
    Cut,
}

impl Frame {
    /// Encodes with its length in front: 4 bytes, big-endian.
    pub fn encode(&self) -> Vec<u8> {
        let mut out = vec![0; 4];
        // Writing to memory cannot fail.
        let _ = minicbor::encode(self, &mut out);
        let len = u32::try_from(out.len() - 4).unwrap_or(u32::MAX);
        out[..4].copy_from_slice(&len.to_be_bytes());
        out
    }

    /// The frame without its receipt.
    fn encode_unsigned(&self) -> Vec<u8> {
        let unsigned = Frame { receipt: None, ..self.clone() };
        minicbor::to_vec(&unsigned).unwrap_or_default()
    }

    /// What its receipt covers.
    pub fn claim(&self, tenant: TenantId, server_epoch: ServerEpoch, device: DeviceId) -> ReceiptClaim {
        ReceiptClaim {
            tenant,
            server_epoch,
            device,
            frame: Sha256::digest(self.encode_unsigned()).into(),
            root: self.root.map(|root| *root),
            position: self.cursor.map(|cursor| cursor.position),
        }
    }

    /// Decodes a frame's bytes, without the length.
    pub fn decode(bytes: &[u8]) -> Result<Self, FrameError> {
        if bytes.len() > MAX_FRAME_BYTES {
            return Err(FrameError::TooLarge(bytes.len()));
        }
        let frame: Frame = minicbor::decode(bytes).map_err(|_| FrameError::Unreadable)?;
        match &frame.hello {
            Some(hello) if hello.version != PROTOCOL_VERSION => Err(FrameError::Version(hello.version)),
            _ => Ok(frame),
        }
    }
}

/// Reads the length in front of a frame.
pub fn read_length_prefix(prefix: [u8; 4]) -> Result<usize, FrameError> {
    let len = u32::from_be_bytes(prefix) as usize;
    if len > MAX_FRAME_BYTES { Err(FrameError::TooLarge(len)) } else { Ok(len) }
}
