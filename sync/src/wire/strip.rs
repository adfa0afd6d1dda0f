//! A change without what the receiver can compute: magic, checksum, type, length, actor, and a dependency just named.
//!
//! Layout of a chunk body (automerge's binary format): count and hashes of dependencies, length and bytes of the actor,
//! then the rest. Stripped: one byte saying how the dependencies are given, those that must be, then the rest.

use std::collections::HashMap;

use sha2::{Digest, Sha256};

use crate::document::{RecordKind, genesis_head};
use crate::id::{ActorId, Hash, RecordId};
use crate::reason::Reason;

const MAGIC: [u8; 4] = [0x85, 0x6f, 0x4a, 0x83];
const CHANGE_CHUNK: u8 = 1;
const DEPS_GIVEN: u8 = 0;
const DEP_JUST_NAMED: u8 = 1;
/// Plus the number of the record's kind.
const DEP_GENESIS: u8 = 16;

/// Why bytes cannot be stripped or rebuilt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum StripError {
    /// Not a single uncompressed change chunk.
    #[error("not a change chunk")]
    NotAChunk,
    /// The stream names a change that has not come before it.
    #[error("refers to a change that was not named before")]
    NothingNamed,
}

impl StripError {
    /// For people.
    pub fn reason(self) -> Reason {
        match self {
            StripError::NotAChunk => Reason::not_a_chunk(),
            StripError::NothingNamed => Reason::nothing_named(),
        }
    }
}

/// Sending side: remembers the last change of each record in one stream.
#[derive(Debug, Default)]
pub struct Stripper {
    last: HashMap<RecordId, Hash>,
}

/// Receiving side.
#[derive(Debug, Default)]
pub struct Unstripper {
    last: HashMap<RecordId, Hash>,
}

impl Stripper {
    /// Strips one whole chunk, and tells its hash.
    pub fn strip(&mut self, record: RecordId, chunk: &[u8]) -> Result<(Vec<u8>, Hash), StripError> {
        let body = chunk_body(chunk)?;
        let (count, after_count) = leb(body)?;
        let count = usize::try_from(count).map_err(|_| StripError::NotAChunk)?;
        let deps_len = count.checked_mul(32).ok_or(StripError::NotAChunk)?;
        let deps = after_count.get(..deps_len).ok_or(StripError::NotAChunk)?;
        let after_deps = &after_count[deps_len..];
        let (actor_len, after_len) = leb(after_deps)?;
        if actor_len != 16 || after_len.len() < 16 {
            return Err(StripError::NotAChunk);
        }
        let rest = &after_len[16..];
        let mut out = Vec::with_capacity(rest.len() + deps_len + 2);
        let sole = (count == 1).then(|| Hash::from_slice(deps).ok()).flatten();
        let genesis = RecordKind::ALL.into_iter().find(|k| sole == Some(genesis_head(*k)));
        if let Some(kind) = genesis {
            out.push(DEP_GENESIS + kind as u8);
        } else if sole.is_some() && sole == self.last.get(&record).copied() {
            out.push(DEP_JUST_NAMED);
        } else {
            out.push(DEPS_GIVEN);
            put_leb(&mut out, count as u64);
            out.extend_from_slice(deps);
        }
        out.extend_from_slice(rest);
        let hash = chunk_hash(body);
        self.last.insert(record, hash);
        Ok((out, hash))
    }
}

impl Unstripper {
    /// Rebuilds a whole chunk and tells its hash.
    pub fn rebuild(
        &mut self,
        record: RecordId,
        actor: ActorId,
        stripped: &[u8],
    ) -> Result<(Vec<u8>, Hash), StripError> {
        let (&flag, rest) = stripped.split_first().ok_or(StripError::NotAChunk)?;
        let mut body = Vec::with_capacity(rest.len() + 52);
        let rest = match flag {
            DEPS_GIVEN => {
                let (count, after) = leb(rest)?;
                let len = usize::try_from(count).ok().and_then(|n| n.checked_mul(32)).ok_or(StripError::NotAChunk)?;
                let deps = after.get(..len).ok_or(StripError::NotAChunk)?;
                put_leb(&mut body, count);
                body.extend_from_slice(deps);
                &after[len..]
            }
            DEP_JUST_NAMED => {
                let last = self.last.get(&record).ok_or(StripError::NothingNamed)?;
                body.push(1);
                body.extend_from_slice(&last.0);
                rest
            }
            kind => {
                let kind = kind.checked_sub(DEP_GENESIS).and_then(RecordKind::from_number);
                let kind = kind.ok_or(StripError::NotAChunk)?;
                body.push(1);
                body.extend_from_slice(&genesis_head(kind).0);
                rest
            }
        };
        body.push(16);
        body.extend_from_slice(&actor.0);
        body.extend_from_slice(rest);
        let hash = chunk_hash(&body);
        self.last.insert(record, hash);
        let mut chunk = Vec::with_capacity(body.len() + 14);
        chunk.extend_from_slice(&MAGIC);
        chunk.extend_from_slice(&hash.0[..4]);
        chunk.push(CHANGE_CHUNK);
        put_leb(&mut chunk, body.len() as u64);
        chunk.extend_from_slice(&body);
        Ok((chunk, hash))
    }
}

/// The hash of a whole chunk; none for bytes that are no sound change chunk.
pub fn hash_of(chunk: &[u8]) -> Option<Hash> {
    chunk_body(chunk).ok().map(chunk_hash)
}

/// The body of a single uncompressed change chunk whose checksum is right.
pub(crate) fn chunk_body(chunk: &[u8]) -> Result<&[u8], StripError> {
    let rest = chunk.strip_prefix(&MAGIC).ok_or(StripError::NotAChunk)?;
    let (checksum, rest) = rest.split_at_checked(4).ok_or(StripError::NotAChunk)?;
    let (&kind, rest) = rest.split_first().ok_or(StripError::NotAChunk)?;
    let (len, body) = leb(rest)?;
    if kind != CHANGE_CHUNK || len != body.len() as u64 || chunk_hash(body).0[..4] != *checksum {
        return Err(StripError::NotAChunk);
    }
    Ok(body)
}

/// SHA-256 over type, length and body: what Automerge calls a change's hash.
pub(crate) fn chunk_hash(body: &[u8]) -> Hash {
    let mut head = vec![CHANGE_CHUNK];
    put_leb(&mut head, body.len() as u64);
    let mut h = Sha256::new();
    h.update(&head);
    h.update(body);
    Hash(h.finalize().into())
}

/// An unsigned LEB128 number of at most 64 bits, and what follows it.
pub(crate) fn leb(bytes: &[u8]) -> Result<(u64, &[u8]), StripError> {
    let mut value = 0u64;
    for (i, &b) in bytes.iter().enumerate().take(10) {
        let part = u64::from(b & 0x7f);
        value |= part.checked_shl(7 * i as u32).ok_or(StripError::NotAChunk)?;
        if b & 0x80 == 0 {
            return Ok((value, &bytes[i + 1..]));
        }
    }
    Err(StripError::NotAChunk)
}

pub(crate) fn put_leb(out: &mut Vec<u8>, mut value: u64) {
    loop {
        let low = (value & 0x7f) as u8;
        value >>= 7;
        if value == 0 {
            out.push(low);
            return;
        }
        out.push(low | 0x80);
    }
}
