//! Digests by which a replica and the server see whether they hold the same.

use sha2::{Digest, Sha256};

use crate::id::{EventId, Hash, RecordId};

/// Records are sorted into so many buckets.
pub const BUCKETS: usize = 256;

/// The digest of one record, or of several.
pub type DigestBytes = [u8; 8];

/// The first 8 bytes of SHA-256(record ‖ sorted heads).
pub fn digest_of(record: RecordId, heads: &[Hash]) -> DigestBytes {
    let mut hash = Sha256::new();
    hash.update(record.as_bytes());
    heads.iter().for_each(|head| hash.update(head.0));
    let full: [u8; 32] = hash.finalize().into();
    let mut digest = [0; 8];
    digest.copy_from_slice(&full[..8]);
    digest
}

/// The first 8 bytes of SHA-256(person ‖ generation, 4 bytes big-endian; 0 for a person): that it was forgotten. When, and under
/// which signature, is no part of it: what is forgotten twice is forgotten once.
pub fn digest_of_erased(person: EventId, generation: Option<u32>) -> DigestBytes {
    let full: [u8; 32] = Sha256::new()
        .chain_update(person.as_bytes())
        .chain_update(generation.unwrap_or(0).to_be_bytes())
        .finalize()
        .into();
    let mut digest = [0; 8];
    digest.copy_from_slice(&full[..8]);
    digest
}

/// Adds a digest to a sum, or takes it away: the same operation.
pub fn toggle(sum: &mut DigestBytes, digest: DigestBytes) {
    sum.iter_mut().zip(digest).for_each(|(s, d)| *s ^= d);
}

/// The bucket of a record: by its last byte, for the first ones tell the time.
pub fn bucket_of(record: RecordId) -> u8 {
    record.as_bytes()[15]
}

/// The sums of all buckets, one after the other.
pub fn bucket_sums(records: impl IntoIterator<Item = (RecordId, DigestBytes)>) -> Vec<DigestBytes> {
    let mut sums = vec![DigestBytes::default(); BUCKETS];
    for (record, digest) in records {
        toggle(&mut sums[usize::from(bucket_of(record))], digest);
    }
    sums
}
