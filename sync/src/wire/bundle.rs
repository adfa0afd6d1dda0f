//! What a courier carries: a file with a device's requests, and the file that answers it.
//!
//! Both are sealed, so that whoever carries, copies or finds them reads nothing; and signed, so that nobody can change
//! them. They may come late, twice or not at all.

use minicbor::bytes::{ByteArray, ByteVec};
use minicbor::{Decode, Encode};

use crate::id::{DeviceId, TenantId};
use crate::sealed;

/// A bundle file larger than this is not read.
pub const MAX_BUNDLE_BYTES: usize = 256 * 1024 * 1024;
/// More requests than this in one bundle are not served.
pub const MAX_BUNDLE_REQUESTS: usize = 64;

const REQUEST: &[u8] = b"langnghe bundle request 1";
const REPLY: &[u8] = b"langnghe bundle reply 1";
/// How the two kinds of file begin.
const REQUEST_MAGIC: &[u8; 8] = b"LNGoi\x01\r\n";
const REPLY_MAGIC: &[u8; 8] = b"LNTra\x01\r\n";

/// What stands openly on both files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct Envelope {
    /// The tenant.
    #[n(0)]
    pub tenant: TenantId,
    /// The device that asks.
    #[n(1)]
    pub device: DeviceId,
    /// The bundle: random.
    #[n(2)]
    pub id: ByteArray<16>,
    /// When it was made, milliseconds since 1970 by its maker's clock.
    #[n(3)]
    pub time: i64,
}

/// A bundle on its way in either direction.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Bundle {
    /// What stands openly.
    #[n(0)]
    pub envelope: Envelope,
    /// Everything else, for one key.
    #[n(1)]
    pub sealed: ByteVec,
    /// A request's by its device, over method `BUNDLE`, the path `/` and the bundle's id in hex, the time, and what is
    /// sealed; a reply's by the server's receipt key.
    #[n(2)]
    pub signature: ByteArray<64>,
}

/// Which way a bundle goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// To the server.
    Request,
    /// Back.
    Reply,
}

/// What is sealed in a request: bodies as `POST /v1/sync` takes them, zstd, in the order in which they are to be served.
#[derive(Debug, Clone, Default, PartialEq, Eq, Encode, Decode)]
pub struct BundleRequests {
    /// The bodies.
    #[n(0)]
    pub bodies: Vec<ByteVec>,
}

/// What is sealed in a reply.
#[derive(Debug, Clone, Default, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct BundleAnswers {
    /// For each request served, its frames as they would travel, one zstd stream.
    #[n(0)]
    pub frames: Vec<ByteVec>,
    /// Why the next one was not: the last part of the problem's type, and what to do.
    #[n(1)]
    pub problem: Option<(String, String)>,
}

impl Envelope {
    /// The path that a request's signature names.
    pub fn path(&self) -> String {
        format!("/{}", data_encoding::HEXLOWER.encode(self.id.as_slice()))
    }

    /// As it is bound to what is sealed and signed.
    pub fn encoded(&self) -> Vec<u8> {
        minicbor::to_vec(self).unwrap_or_default()
    }

    /// Seals what belongs into it for a public key, with fresh chance. None: that is no key.
    pub fn seal(&self, direction: Direction, to: &[u8; 32], plain: &[u8], seed: [u8; 32]) -> Option<Vec<u8>> {
        sealed::seal(to, direction.purpose(), &self.encoded(), plain, seed)
    }
}

impl Direction {
    fn purpose(self) -> &'static [u8] {
        match self {
            Direction::Request => REQUEST,
            Direction::Reply => REPLY,
        }
    }

    fn magic(self) -> &'static [u8; 8] {
        match self {
            Direction::Request => REQUEST_MAGIC,
            Direction::Reply => REPLY_MAGIC,
        }
    }
}

impl Bundle {
    /// The bytes of its file.
    pub fn to_file(&self, direction: Direction) -> Vec<u8> {
        let mut file = direction.magic().to_vec();
        file.extend(minicbor::to_vec(self).unwrap_or_default());
        file
    }

    /// Reads a file: which way it goes, and what it is. None: it is no bundle, or not whole.
    pub fn from_file(file: &[u8]) -> Option<(Direction, Self)> {
        let (magic, rest) = file.split_at_checked(8)?;
        let direction = [Direction::Request, Direction::Reply].into_iter().find(|d| d.magic() == magic)?;
        let mut decoder = minicbor::Decoder::new(rest);
        let bundle = decoder.decode().ok()?;
        (decoder.position() == rest.len()).then_some((direction, bundle))
    }

    /// What is sealed in it. None: it is not for this key.
    pub fn open(&self, direction: Direction, key: &[u8; 32]) -> Option<Vec<u8>> {
        sealed::open(key, direction.purpose(), &self.envelope.encoded(), &self.sealed)
    }
}
