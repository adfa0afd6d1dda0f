//! What travels: one request up, a stream of frames down. CBOR with small integer keys; see `docs/protocol.md`.

mod ack;
mod bundle;
mod frame;
mod identity;
mod keys;
mod offer;
mod positions;
mod quarantine;
mod reason;
mod request;
mod strip;

pub use ack::{Ack, RefusalCode};
pub use bundle::{Bundle, BundleAnswers, BundleRequests, Direction, Envelope, MAX_BUNDLE_BYTES, MAX_BUNDLE_REQUESTS};
pub use frame::{
    Cursor, DeviceRow, Digest, Entry, FillCursor, Frame, FrameError, Held, Hello, NotedArrival, read_length_prefix,
};
pub use identity::{
    Erased, GivenVersion, IdentityAck, IdentityAnswer, IdentityAsk, Lock, LockedFor, Looked, PushedIdentity, Relock,
    SignedVersion,
};
pub use keys::{HandlerKey, TenantKeys};
pub use offer::{Offer, Offered, OfferedChange};
pub use positions::PositionSet;
pub use quarantine::{Leavings, Left, LeftKept, MAX_LEFT_BYTES, SealedFor, SealedLeavings};
pub use request::{EnrollRequest, EnrollResponse, Provable, Pushed, Shown, SyncRequest};
pub use strip::{StripError, Stripper, Unstripper, hash_of};
pub(crate) use strip::{chunk_body, chunk_hash, leb};

/// The version both ends must speak.
pub const PROTOCOL_VERSION: u32 = 1;
/// The media type of both directions.
pub const MEDIA_TYPE: &str = "application/vnd.langnghe.sync+cbor";
/// A change larger than this is refused: 256 KiB.
pub const MAX_CHANGE_BYTES: usize = 256 * 1024;
/// About how large a frame becomes before it is sent: a cut link costs at most one. Half of 64 KiB costs 1 % more bytes,
/// and a fill cut ten times 4 % fewer.
pub const FRAME_TARGET_BYTES: usize = 32 * 1024;
/// A frame that claims to be larger is not read: one change and its surroundings fit many times.
pub const MAX_FRAME_BYTES: usize = 4 * 1024 * 1024;
/// A request body larger than this, decoded, is refused.
pub const MAX_REQUEST_BYTES: usize = 16 * 1024 * 1024;
/// More changes than this in one request are refused.
pub const MAX_PUSH: usize = 8192;
/// More versions of identities than this are not brought, nor asked about, in one request.
pub const MAX_IDENTITIES: usize = 200;
/// Nor more of their keys locked for others, nor more words asked for; nor are more asked to be locked in one response.
pub const MAX_LOCKS: usize = 1000;
/// About so much of sealed words goes into one response: what is left out is asked for again.
pub const MAX_WORDS_IN_RESPONSE: usize = 1024 * 1024;
/// No more persons that were forgotten are told of in one response.
pub const MAX_ERASED: usize = 2000;
/// Nor are more brought to a server that has lost some.
pub const MAX_TOMBSTONES: usize = 20_000;
/// No position is as high as this: every reader of JSON can still tell two of them apart.
pub const POSITIONS_END: u64 = 1 << 53;
/// More positions than this are not asked about in one request.
pub const MAX_PROVABLE: usize = 1000;
/// How far a device's clock may be off before it is told: 5 minutes.
pub const CLOCK_TOLERANCE_MILLIS: i64 = 5 * 60 * 1000;
