//! SQLite: one writer, readers apart. Readers take `&Connection`, writers `&Transaction<'_>`.

mod audit;
mod audit_what;
mod changes;
mod devices;
mod erased;
mod feeds;
mod identities;
mod informed;
mod lives;
mod lock;
mod locks;
mod measure;
mod meta;
mod open;
mod records;
mod rewritten;
mod schema;

pub use audit::{
    AuditLine, Chain, Kept, NO_DEVICE, NO_RECORD, audit, audit_chain, audit_counted, audit_head, audit_looked,
    audit_unknown, each_audit_line,
};
pub use audit_what::{AuditWhat, MEASURE_MILLIS, Measure};
pub use changes::{
    Place, StoredChange, add_change, change_place, changes_of, changes_of_record, in_stream, is_free, is_present,
    is_unsigned, move_to, next_position, position, sign_change,
};
pub use devices::{
    Approval, Device, add_author, add_code, add_device, administrator, approve_at, author, device, device_by_index,
    devices, enrolled_with, receiving_key, revoke_at, revoked, set_contact, set_grant, take_code, use_up_code,
};
pub use erased::{all_erased, erase, erased, erased_after, erased_upto, note_erased, petition_ids, petitions_of};
pub use feeds::{
    FeedEntry, FeedEntryKind, Members, add_entry, digests, enter, entries_after, feed_index, is_member_of_any, leave,
    members_of, move_change, toggle_digest,
};
pub use identities::{StoredVersion, add_version, all_versions, lock_version, version, versions_of};
pub use informed::{Informed, OpenContact};
pub use lives::{Shared, begin_life, least_grant, life_base, next_beginning, next_beginning_by_clock, shared_with};
pub use lock::DataLock;
pub use locks::{RECOVERY, add_lock, drop_lock, lock_for, speaking_devices, unlocked_for, words_for};
pub use measure::{counts_are_due, tell_counts};
pub use meta::{Tenant, get_text, put_text, read_tenant, write_tenant};
pub use open::{check_sound, create, database_path, open, open_read_only};
pub use records::{
    EventReceipts, RecordRow, RecordState, digests_of_records, distinct_scopes, record, record_by_index, record_id,
    records_in_feeds, records_of_scope, save_record, set_feeds,
};
pub use rewritten::{Rewritten, all_rewritten, begin_generation, rewritten};
