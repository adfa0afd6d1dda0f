//! `init`: a database, its keys, and a local administrator replica whose device signs the directory.

use std::path::Path;

use jiff::Timestamp;
use sync::document::directory::{put_revisions, read, record_of};
use sync::document::{Document, RecordKind};
use sync::id::{ActorId, DeviceId, Epoch, EventId, ServerEpoch, TenantId, UserId};
use sync::model::directory::{
    Directory, EntityKind, Entries, Fields, Revision, RevisionBody, Role, Value, parts, plan, read_file,
};
use sync::signed::{ChangeClaim, SignedChange};
use sync::wire::Ack;
use uuid::Uuid;

use super::code::{CodeIssued, issue_code};
use crate::audit::confirm_or_warn;
use crate::error::ServerError;
use crate::ingest::{Incoming, Ledger};
use crate::keys::{Chance, ServerKeys, create_recovery, draw, system};
use crate::store::{self, Approval, DataLock, Device, Informed, Tenant};

/// Revisions in one change: a change stays far below its limits, and a cut leaves whole ones.
const REVISIONS_PER_CHANGE: usize = 200;

/// What `init` made.
#[derive(Debug, Clone)]
pub struct Initialised {
    /// The tenant.
    pub tenant: TenantId,
    /// The first administrator's code.
    pub code: CodeIssued,
    /// The private half of the recovery key, in letters: it is kept nowhere, and cannot be shown again.
    pub recovery_key: String,
}

/// Makes a database in a folder that has none. Without a directory file the directory holds one user, `admin`.
pub fn initialise(data: &Path, name: &str, file: Option<&str>, now: Timestamp) -> Result<Initialised, ServerError> {
    initialise_by(data, name, file, now, &mut system)
}

/// The same with chance that is given: the same chance makes the same database.
pub fn initialise_by(
    data: &Path,
    name: &str,
    file: Option<&str>,
    now: Timestamp,
    chance: Chance<'_>,
) -> Result<Initialised, ServerError> {
    let entries = match file {
        Some(text) => read_file(text, &Entries::new())?,
        None => first_entries(),
    };
    let admin = first_admin(&Directory::from_entries(&entries)).ok_or_else(|| {
        ServerError::Command("the directory file names no user who holds a `directory_admin` post; add one".to_owned())
    })?;
    let mut conn = store::create(data)?;
    let _lock = DataLock::take(data)?;
    let mut keys = ServerKeys::create(data, chance)?;
    let recovery = create_recovery(data, chance)?;
    keys.recovery = Some(recovery.public());
    let mut uuid = || -> Result<Uuid, ServerError> { Ok(uuid::Builder::from_random_bytes(draw(chance)?).into_uuid()) };
    let tenant = Tenant { id: TenantId(uuid()?), name: name.to_owned(), epoch: ServerEpoch(uuid()?) };
    let device = Device {
        index: 1,
        id: DeviceId(uuid()?),
        user: UserId::from("administrator"),
        key: keys.administrator.verifying_key().to_bytes(),
        name: "langnghe-server".to_owned(),
        enrolled_at: now.as_millisecond(),
        last_contact: now.as_millisecond(),
        informed: Informed::enrolled(now.as_millisecond()),
        revoked_at: None,
        approval: Approval::NotNeeded,
        root: true,
        grant: 0,
        feeds: String::new(),
    };
    let tx = conn.transaction()?;
    store::write_tenant(&tx, &tenant)?;
    store::add_device(&tx, &device, &[0; 32])?;
    tx.commit()?;
    drop(conn);
    let mut ledger = Ledger::to_serve(data, now, chance)?;
    write_directory(&mut ledger, &keys, &device, &entries, now, chance)?;
    let code = issue_code(&mut ledger, &admin, now)?;
    confirm_or_warn(data, ledger.connection(), now);
    Ok(Initialised { tenant: tenant.id, code, recovery_key: recovery.letters() })
}

/// One user, one post, and the deadline every office has: an answer in ten working days, feedback and proposals in thirty days.
fn first_entries() -> Entries {
    let text = |t: &str| Value::Text(t.to_owned());
    let fields =
        |pairs: &[(&str, Value)]| -> Fields { pairs.iter().map(|(k, v)| ((*k).to_owned(), v.clone())).collect() };
    let post =
        fields(&[("code", text("admin")), ("name", text("Quản trị danh mục")), ("role", text("directory_admin"))]);
    let user = fields(&[
        ("code", text("admin")),
        ("name", text("Quản trị")),
        ("posts", Value::List(vec!["admin".to_owned()])),
    ]);
    let policy = fields(&[("first_answer", text("10wd")), ("resolve", text("30d")), ("from", text("referral"))]);
    Entries::from([
        ((EntityKind::Post, "admin".to_owned()), post),
        ((EntityKind::User, "admin".to_owned()), user),
        ((EntityKind::Policy, "default".to_owned()), policy),
    ])
}

fn first_admin(directory: &Directory) -> Option<String> {
    let is_admin = |id| directory.post(id).is_some_and(|p| p.role == Role::DirectoryAdmin);
    directory.users().find(|u| u.posts.iter().any(is_admin)).map(|u| u.code.clone())
}

fn write_directory(
    ledger: &mut Ledger,
    keys: &ServerKeys,
    device: &Device,
    entries: &Entries,
    now: Timestamp,
    chance: Chance<'_>,
) -> Result<(), ServerError> {
    let tenant = ledger.tenant().id;
    let record = record_of(tenant);
    let epoch = Epoch::from_bytes(draw(chance)?);
    let actor = ActorId::derive(&device.key, record, epoch);
    let mut document = Document::genesis(RecordKind::Directory);
    for part in parts(plan(&Entries::new(), entries), REVISIONS_PER_CHANGE) {
        let depth = read(&document)?.iter().map(|r| r.body.depth).max().unwrap_or(0) + 1;
        let mut revisions = Vec::with_capacity(part.len());
        for (kind, entity, fields) in &part {
            let id = EventId(
                uuid::Builder::from_unix_timestamp_millis(now.as_millisecond().unsigned_abs(), &draw(chance)?)
                    .into_uuid(),
            );
            let body = RevisionBody {
                kind: *kind,
                entity: entity.clone(),
                fields: fields.clone(),
                at: now,
                by: "administrator".into(),
                depth,
            };
            revisions.push(Revision { id, body });
        }
        let written = document.write(actor, |tx| put_revisions(tx, &revisions))?;
        let claim = ChangeClaim { tenant, device: device.id, record, epoch, seq: written.seq, hash: written.hash };
        let signature = claim.sign(&keys.administrator);
        let signed = SignedChange { record, epoch, bytes: written.bytes, signature, pseudonym: None };
        let outcomes = ledger.admit(&[Incoming { device: device.clone(), signed }], now)?;
        if let Some(Ack::Refused { code, reason }) = outcomes.into_iter().next().map(|o| o.ack) {
            return Err(ServerError::Refused(format!("{code}: {reason}")));
        }
    }
    Ok(())
}
