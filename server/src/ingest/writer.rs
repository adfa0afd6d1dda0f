//! The writer's thread: requests that come together are committed together, and answered after the commit.

use std::sync::{Arc, RwLock, mpsc};

use jiff::Timestamp;
use rusqlite::Transaction;
use sync::id::FeedId;
use sync::model::directory::Directory;
use sync::model::time::local_date;
use sync::scope::feeds_of_posts;
use sync::signed::SignedChange;
use tokio::sync::{oneshot, watch};

use crate::error::ServerError;
use crate::store::{self, Device};

use super::accept::{Incoming, Outcome};
use super::ledger::Ledger;

/// How many changes one group may have: more wait for the next.
const GROUP_CHANGES: usize = 4096;

/// One authenticated request's part that may write.
#[derive(Debug)]
pub struct Contact {
    /// Who asks.
    pub device: Device,
    /// What it brings.
    pub push: Vec<SignedChange>,
}

/// What it comes to.
#[derive(Debug)]
pub struct ContactReply {
    /// In the order of the push.
    pub outcomes: Vec<Outcome>,
    /// The device, with its present grant and feeds.
    pub device: Device,
}

type Work = Box<dyn FnOnce(&mut Ledger) + Send>;

enum Job {
    Contact(Contact, oneshot::Sender<Result<ContactReply, ServerError>>),
    Other(Work),
}

/// A handle to the writer's thread; cheap to clone.
#[derive(Clone)]
pub struct Writer {
    jobs: mpsc::Sender<Job>,
    directory: Arc<RwLock<Arc<Directory>>>,
    position: watch::Receiver<u64>,
}

impl Writer {
    /// Starts the thread. It ends when the last handle is dropped.
    pub fn start(mut ledger: Ledger, now: fn() -> Timestamp) -> Result<Self, ServerError> {
        let (jobs, queue) = mpsc::channel::<Job>();
        let directory = Arc::new(RwLock::new(ledger.directory()));
        let (moved, position) = watch::channel(store::position(ledger.connection())?);
        let shared = directory.clone();
        let run = move || {
            while let Ok(first) = queue.recv() {
                serve(&mut ledger, first, &queue, now);
                if let Ok(mut shared) = shared.write() {
                    *shared = ledger.directory();
                }
                if let Ok(position) = store::position(ledger.connection()) {
                    moved.send_if_modified(|p| std::mem::replace(p, position) != position);
                }
            }
        };
        std::thread::Builder::new()
            .name("writer".to_owned())
            .spawn(run)
            .map_err(|e| ServerError::Command(format!("no thread to be had: {e}")))?;
        Ok(Self { jobs, directory, position })
    }

    /// The directory as of the last commit.
    pub fn directory(&self) -> Arc<Directory> {
        self.directory.read().map(|d| d.clone()).unwrap_or_default()
    }

    /// Tells whenever the log has grown.
    pub fn position(&self) -> watch::Receiver<u64> {
        self.position.clone()
    }

    /// Hands in a request; answered after its group's commit.
    pub async fn contact(&self, contact: Contact) -> Result<ContactReply, ServerError> {
        let (reply, answer) = oneshot::channel();
        self.jobs.send(Job::Contact(contact, reply)).map_err(|_| ServerError::Closed)?;
        answer.await.map_err(|_| ServerError::Closed)?
    }

    /// Runs one short write.
    pub async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, ServerError> + Send + 'static,
    ) -> Result<T, ServerError> {
        let (reply, answer) = oneshot::channel();
        let job = Job::Other(Box::new(move |ledger| {
            let _ = reply.send(ledger.write(work));
        }));
        self.jobs.send(job).map_err(|_| ServerError::Closed)?;
        answer.await.map_err(|_| ServerError::Closed)?
    }
}

/// Takes everything that waits, up to a group's size, commits, then answers.
fn serve(ledger: &mut Ledger, first: Job, queue: &mpsc::Receiver<Job>, now: fn() -> Timestamp) {
    let mut group: Vec<(Contact, oneshot::Sender<Result<ContactReply, ServerError>>)> = Vec::new();
    let mut other = Vec::new();
    let mut next = Some(first);
    while let Some(job) = next {
        match job {
            Job::Contact(contact, reply) => group.push((contact, reply)),
            Job::Other(work) => other.push(work),
        }
        let full = group.iter().map(|(c, _)| c.push.len()).sum::<usize>() >= GROUP_CHANGES;
        next = if full { None } else { queue.try_recv().ok() };
    }
    for work in other {
        work(ledger);
    }
    if group.is_empty() {
        return;
    }
    let incoming: Vec<Incoming> = group
        .iter()
        .flat_map(|(c, _)| c.push.iter().map(|s| Incoming { device: c.device.clone(), signed: s.clone() }))
        .collect();
    let committed = if incoming.is_empty() { Ok(Vec::new()) } else { ledger.admit(&incoming, now()) };
    match committed {
        Ok(outcomes) => {
            let mut outcomes = outcomes.into_iter();
            for (contact, reply) in group {
                let own: Vec<Outcome> = outcomes.by_ref().take(contact.push.len()).collect();
                let _ = reply.send(settle(ledger, contact, own, now()));
            }
        }
        Err(error) => {
            tracing::error!(%error, "a group was not committed");
            for (_, reply) in group {
                let _ = reply.send(Err(ServerError::Command(
                    "the changes could not be stored; nothing of this request was kept, send it again".to_owned(),
                )));
            }
        }
    }
}

/// Notes the contact, and raises the device's grant when its posts now open other feeds. Writes only when something is new:
/// a device that asks and finds nothing costs no commit.
fn settle(
    ledger: &mut Ledger,
    contact: Contact,
    outcomes: Vec<Outcome>,
    now: Timestamp,
) -> Result<ContactReply, ServerError> {
    let directory = ledger.directory();
    let today = local_date(now, directory.zone());
    ledger.keep_day(now)?;
    let mut device = contact.device;
    let posts = directory.posts_of(&device.user, today);
    let feeds = feeds_of_posts(posts, &directory, today);
    let feeds = feeds.iter().map(FeedId::to_string).collect::<Vec<_>>().join("\n");
    let contacted = Timestamp::from_millisecond(device.last_contact).unwrap_or(now);
    let another_day = local_date(contacted, directory.zone()) != today;
    if device.feeds != feeds || another_day {
        let changed = device.feeds != feeds;
        ledger.write(|tx| {
            store::set_contact(tx, device.index, now)?;
            if changed { store::set_grant(tx, device.index, &feeds) } else { Ok(()) }
        })?;
        device = store::device_by_index(ledger.connection(), device.index)?;
    }
    Ok(ContactReply { outcomes, device })
}
