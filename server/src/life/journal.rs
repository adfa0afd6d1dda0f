//! Who was let in and who was shut out: a line for each, forced to the disk apart from the database. A database put back
//! from a copy learns from it what it has forgotten, before it answers anybody.

use std::collections::{HashMap, HashSet};
use std::fs::{File, OpenOptions};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use minicbor::bytes::ByteArray;
use rusqlite::{Connection, TransactionBehavior};
use serde::{Deserialize, Serialize};
use sync::id::{DeviceId, EventId, RecordId, UserId};
use sync::wire::Erased;

use super::folder;
use crate::error::ServerError;
use crate::store::{self, Approval, Device, Informed};

const NAME: &str = "devices";

/// One line.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "kebab-case")]
enum Line {
    /// A device was enrolled.
    Enrolled {
        device: DeviceId,
        user: UserId,
        /// Hex, as the receiving key.
        signing_key: String,
        receiving_key: String,
        name: String,
        /// Milliseconds since 1970.
        at: i64,
        #[serde(default)]
        root: bool,
        /// A second person must let it in.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        needs_approval: bool,
        /// Hash of the code it used, hex.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        code: Option<String>,
    },
    /// A second person let it in; nobody is named where the operator did.
    Approved {
        device: DeviceId,
        at: i64,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        by: Option<UserId>,
    },
    /// A person was forgotten, or a petition's words.
    Erased {
        person: EventId,
        /// Milliseconds since 1970.
        at: i64,
        /// Hex.
        signature: String,
        /// Of a petition's words, which are the person's then: the generation of its document without them.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        generation: Option<u32>,
    },
    /// It was revoked.
    Revoked { device: DeviceId, at: i64 },
}

/// The open journal.
#[derive(Debug)]
pub struct Journal {
    path: PathBuf,
    file: File,
}

impl Journal {
    /// Of a data folder. A line that was being written when the power went is cut off: nobody was told of it.
    pub fn open(data: &Path) -> Result<Self, ServerError> {
        let path = folder(data)?.join(NAME);
        let opened = OpenOptions::new().create(true).read(true).append(true).open(&path);
        let file = opened.map_err(|e| ServerError::file(&path, e))?;
        // The server and an administrator's command may both have something to say; the lock ends with the file.
        file.lock().map_err(|e| ServerError::file(&path, e))?;
        let mut journal = Self { file, path };
        let text = journal.text()?;
        let whole = text.iter().rposition(|b| *b == b'\n').map_or(0, |end| end + 1);
        if whole < text.len() {
            let cut = journal.file.set_len(whole as u64).and_then(|()| journal.file.sync_data());
            cut.map_err(|e| ServerError::file(&journal.path, e))?;
        }
        Ok(journal)
    }

    fn text(&mut self) -> Result<Vec<u8>, ServerError> {
        let mut text = Vec::new();
        let read = self.file.seek(SeekFrom::Start(0)).and_then(|_| self.file.read_to_end(&mut text));
        read.map_err(|e| ServerError::file(&self.path, e))?;
        Ok(text)
    }

    fn lines(&mut self) -> Result<Vec<Line>, ServerError> {
        let text = self.text()?;
        let lines = text.split(|b| *b == b'\n').enumerate().filter(|(_, line)| !line.is_empty());
        let read = lines.map(|(number, line)| {
            serde_json::from_slice(line).map_err(|_| {
                ServerError::Command(format!(
                    "{}: line {} cannot be read; it says who may enter, so nothing is served: put the file back from \
                     its copy, or take the line out and revoke by hand whom it named",
                    self.path.display(),
                    number + 1
                ))
            })
        });
        read.collect()
    }

    fn append(&mut self, line: &Line) -> Result<(), ServerError> {
        let mut text = serde_json::to_vec(line).map_err(|_| ServerError::Stored("journal line"))?;
        text.push(b'\n');
        let written = self.file.write_all(&text).and_then(|()| self.file.sync_data());
        written.map_err(|e| ServerError::file(&self.path, e))
    }

    /// Notes an enrolment; again, where it is noted already, does no harm.
    pub fn enrolled(
        &mut self,
        device: &Device,
        receiving_key: &[u8; 32],
        code: Option<&[u8; 32]>,
    ) -> Result<(), ServerError> {
        let hex = |bytes: &[u8]| data_encoding::HEXLOWER.encode(bytes);
        self.append(&Line::Enrolled {
            device: device.id,
            user: device.user.clone(),
            signing_key: hex(&device.key),
            receiving_key: hex(receiving_key),
            name: device.name.clone(),
            at: device.enrolled_at,
            root: device.root,
            needs_approval: device.approval != Approval::NotNeeded,
            code: code.map(|code| hex(code)),
        })
    }

    /// Notes that a device was let in.
    pub fn approved(&mut self, device: DeviceId, at: i64, by: Option<UserId>) -> Result<(), ServerError> {
        self.append(&Line::Approved { device, at, by })
    }

    /// Notes that a person is forgotten. In the order of these lines devices are told.
    pub fn erased(&mut self, erased: &Erased) -> Result<(), ServerError> {
        let signature = data_encoding::HEXLOWER.encode(&*erased.signature);
        let Erased { person, at, generation, .. } = *erased;
        self.append(&Line::Erased { person, at, signature, generation })
    }

    /// Notes a revocation.
    pub fn revoked(&mut self, device: DeviceId, at: i64) -> Result<(), ServerError> {
        self.append(&Line::Revoked { device, at })
    }
}

fn key(hex: &str) -> Result<[u8; 32], ServerError> {
    let bytes = data_encoding::HEXLOWER_PERMISSIVE.decode(hex.as_bytes()).ok();
    bytes.and_then(|b| b.try_into().ok()).ok_or(ServerError::Stored("key in the journal of devices"))
}

/// Brings database and journal to the same: what either has forgotten it learns from the other. Gives the petitions whose
/// words the database still has, and must not.
pub fn replay(data: &Path, conn: &mut Connection) -> Result<Vec<RecordId>, ServerError> {
    let mut journal = Journal::open(data)?;
    let lines = journal.lines()?;
    let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let (mut enrolled, mut approved, mut revoked) = (HashSet::new(), HashMap::new(), HashMap::new());
    let (mut forgotten, mut forgot_again) = (HashSet::new(), false);
    let mut rewritten: Vec<RecordId> = Vec::new();
    for line in lines {
        match line {
            Line::Enrolled { device, user, signing_key, receiving_key, name, at, root, needs_approval, code } => {
                enrolled.insert(device);
                if let Some(code) = code {
                    store::use_up_code(&tx, &key(&code)?, at)?;
                }
                if store::device(&tx, device)?.is_none() {
                    let row = Device {
                        index: 0,
                        id: device,
                        user,
                        key: key(&signing_key)?,
                        name,
                        enrolled_at: at,
                        last_contact: at,
                        informed: Informed::enrolled(at),
                        revoked_at: None,
                        approval: if needs_approval { Approval::Pending } else { Approval::NotNeeded },
                        root,
                        grant: 0,
                        feeds: String::new(),
                    };
                    store::add_device(&tx, &row, &key(&receiving_key)?)?;
                    tracing::warn!(%device, "a device that the database had forgotten is known again");
                }
            }
            Line::Approved { device, at, by } => {
                approved.entry(device).or_insert((at, by));
            }
            Line::Erased { person, at, signature, generation } => {
                let signature = data_encoding::HEXLOWER_PERMISSIVE.decode(signature.as_bytes()).ok();
                let signature: Option<[u8; 64]> = signature.and_then(|s| s.try_into().ok());
                let signature = signature.ok_or(ServerError::Stored("signature in the journal of devices"))?;
                let erased = Erased { person, at, signature: ByteArray::from(signature), generation };
                forgotten.insert((person, generation));
                let record = RecordId(person.0);
                if let Some(generation) = generation {
                    store::note_erased(&tx, &erased)?;
                    let there = store::rewritten(&tx, record)?.map_or(0, |there| there.generation);
                    if there < generation && !rewritten.contains(&record) {
                        rewritten.push(record);
                    }
                    continue;
                }
                let gone = store::erase(&tx, &erased)?;
                forgot_again |= gone > 0;
                if gone > 0 {
                    tracing::warn!(%person, "a person is forgotten again, whom the database still knew");
                }
            }
            Line::Revoked { device, at } => {
                revoked.entry(device).or_insert(at);
            }
        }
    }
    let unsaid = |erased: &&Erased| !forgotten.contains(&(erased.person, erased.generation));
    for erased in store::all_erased(&tx)?.iter().filter(unsaid) {
        journal.erased(erased)?;
    }
    // Last, wherever they stand: a line may have been written before that of the enrolment.
    for (device, at) in &revoked {
        if store::revoke_at(&tx, *device, *at)? {
            tracing::warn!(%device, "a device is revoked again, which the database had forgotten");
        }
    }
    for (device, (at, by)) in &approved {
        store::approve_at(&tx, *device, *at, by.as_ref())?;
    }
    for device in store::devices(&tx)? {
        if !enrolled.contains(&device.id) {
            journal.enrolled(&device, &store::receiving_key(&tx, device.index)?, None)?;
        }
        if let Approval::Approved { at, by } = device.approval
            && !approved.contains_key(&device.id)
        {
            journal.approved(device.id, at, by)?;
        }
        if let Some(at) = device.revoked_at
            && !revoked.contains_key(&device.id)
        {
            journal.revoked(device.id, at)?;
        }
    }
    tx.commit()?;
    if forgot_again {
        // Else it would lie in the file until the log is next folded into it.
        conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
    }
    Ok(rewritten)
}

#[cfg(test)]
mod tests {
    use super::*;

    const DEVICE: DeviceId = DeviceId(uuid::Uuid::from_bytes([3; 16]));

    fn device() -> Device {
        Device {
            index: 0,
            id: DEVICE,
            user: "xa".into(),
            key: [1; 32],
            name: "máy cũ".to_owned(),
            enrolled_at: 10,
            last_contact: 10,
            informed: Informed::enrolled(10),
            revoked_at: None,
            approval: Approval::NotNeeded,
            root: false,
            grant: 0,
            feeds: String::new(),
        }
    }

    #[test]
    fn who_was_shut_out_stays_out_whatever_line_came_first() {
        let folder = tempfile::tempdir().expect("a folder");
        drop(store::create(folder.path()).expect("a database"));
        let mut journal = Journal::open(folder.path()).expect("a journal");
        journal.revoked(DEVICE, 20).expect("a line");
        journal.enrolled(&device(), &[2; 32], Some(&[9; 32])).expect("a line");
        drop(journal);
        // Half a line, as a loss of power leaves it.
        let path = folder.path().join("journal/devices");
        let mut text = std::fs::read(&path).expect("the journal");
        text.extend(b"{\"what\":\"revo");
        std::fs::write(&path, text).expect("written");
        let mut conn = store::open(folder.path()).expect("a database");
        for _ in 0..2 {
            replay(folder.path(), &mut conn).expect("replayed");
            let known = store::device(&conn, DEVICE).expect("read").expect("the device");
            assert_eq!((known.key, known.revoked_at), ([1; 32], Some(20)));
        }
    }

    #[test]
    fn who_was_not_let_in_yet_still_waits_and_who_was_does_not() {
        let folder = tempfile::tempdir().expect("a folder");
        drop(store::create(folder.path()).expect("a database"));
        let mut journal = Journal::open(folder.path()).expect("a journal");
        let waits = Device { approval: Approval::Pending, ..device() };
        let let_in = DeviceId(uuid::Uuid::from_bytes([4; 16]));
        journal.enrolled(&waits, &[2; 32], None).expect("a line");
        journal.approved(let_in, 40, Some("quan".into())).expect("a line");
        journal.enrolled(&Device { id: let_in, ..waits }, &[2; 32], None).expect("a line");
        drop(journal);
        let mut conn = store::open(folder.path()).expect("a database");
        replay(folder.path(), &mut conn).expect("replayed");
        let approval = |id| store::device(&conn, id).expect("read").expect("the device").approval;
        assert_eq!(approval(DEVICE), Approval::Pending);
        assert_eq!(approval(let_in), Approval::Approved { at: 40, by: Some("quan".into()) });
    }

    #[test]
    fn what_the_database_alone_knows_is_written_down() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut conn = store::create(folder.path()).expect("a database");
        let tx = conn.transaction().expect("a transaction");
        store::add_device(&tx, &device(), &[2; 32]).expect("enrolled");
        store::revoke_at(&tx, DEVICE, 30).expect("revoked");
        tx.commit().expect("committed");
        replay(folder.path(), &mut conn).expect("replayed");
        drop(conn);
        std::fs::remove_file(store::database_path(folder.path())).expect("lost");
        let mut older = store::create(folder.path()).expect("a database");
        replay(folder.path(), &mut older).expect("replayed");
        let known = store::device(&older, DEVICE).expect("read").expect("the device");
        assert_eq!(known.revoked_at, Some(30));
    }

    #[test]
    fn a_line_that_cannot_be_read_lets_nobody_in() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut conn = store::create(folder.path()).expect("a database");
        drop(Journal::open(folder.path()).expect("a journal"));
        std::fs::write(folder.path().join("journal/devices"), "Ai đó\n").expect("written");
        let why = replay(folder.path(), &mut conn).expect_err("refused").to_string();
        assert!(why.contains("line 1") && !why.contains('\n'), "{why}");
    }
}
