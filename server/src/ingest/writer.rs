//! The writer's thread: requests that come together are committed together, and answered after the commit.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, RwLock, mpsc};

use jiff::Timestamp;
use rusqlite::Transaction;
use sync::model::directory::Directory;
use tokio::sync::{oneshot, watch};

use super::contact::{Contact, ContactReply};
use super::ledger::Ledger;
use crate::error::ServerError;
use crate::store;

/// How many changes one group may have: more wait for the next.
const GROUP_CHANGES: usize = 4096;

type Work = Box<dyn FnOnce(&mut Ledger) + Send>;

enum Job {
    Contact(Box<Contact>, oneshot::Sender<Result<ContactReply, ServerError>>),
    Other(Work),
}

/// A handle to the writer's thread; cheap to clone.
#[derive(Clone)]
pub struct Writer {
    jobs: mpsc::Sender<Job>,
    directory: Arc<RwLock<Arc<Directory>>>,
    position: watch::Receiver<u64>,
    writable: Arc<AtomicBool>,
}

impl Writer {
    /// Starts the thread. It ends when the last handle is dropped.
    pub fn start(mut ledger: Ledger, now: fn() -> Timestamp) -> Result<Self, ServerError> {
        let (jobs, queue) = mpsc::channel::<Job>();
        let directory = Arc::new(RwLock::new(ledger.directory()));
        let (moved, position) = watch::channel(store::position(ledger.connection())?);
        let shared = directory.clone();
        let writable = Arc::new(AtomicBool::new(true));
        let state = writable.clone();
        let run = move || {
            while let Ok(first) = queue.recv() {
                serve(&mut ledger, first, &queue, &state, now);
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
        Ok(Self { jobs, directory, position, writable })
    }

    /// The directory as of the last commit.
    pub fn directory(&self) -> Arc<Directory> {
        self.directory.read().map(|d| d.clone()).unwrap_or_default()
    }

    /// Whether the last write got through. A full disk is found by writing; the next write that gets through ends it.
    pub fn is_writable(&self) -> bool {
        self.writable.load(Ordering::Relaxed)
    }

    /// Tells whenever the log has grown.
    pub fn position(&self) -> watch::Receiver<u64> {
        self.position.clone()
    }

    /// Hands in a request; answered after its group's commit.
    pub async fn contact(&self, contact: Contact) -> Result<ContactReply, ServerError> {
        let (reply, answer) = oneshot::channel();
        self.jobs.send(Job::Contact(Box::new(contact), reply)).map_err(|_| ServerError::Closed)?;
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
fn serve(ledger: &mut Ledger, first: Job, queue: &mpsc::Receiver<Job>, writable: &AtomicBool, now: fn() -> Timestamp) {
    let (mut contacts, mut replies) = (Vec::new(), Vec::new());
    let mut changes = 0;
    let mut next = Some(first);
    while let Some(job) = next {
        match job {
            Job::Contact(contact, reply) => {
                changes += contact.push.len();
                contacts.push(*contact);
                replies.push(reply);
            }
            Job::Other(work) => work(ledger),
        }
        next = if changes >= GROUP_CHANGES { None } else { queue.try_recv().ok() };
    }
    if contacts.is_empty() {
        return;
    }
    match ledger.serve(contacts, now()) {
        Ok(answers) => {
            let full = |answer: &Result<ContactReply, ServerError>| matches!(answer, Err(ServerError::Storage(_)));
            if changes > 0 {
                writable.store(!answers.iter().any(full), Ordering::Relaxed);
            }
            replies.into_iter().zip(answers).for_each(|(reply, answer)| {
                let _ = reply.send(answer);
            });
        }
        Err(error) => {
            tracing::error!(%error, "a group was not committed");
            for reply in replies {
                let _ = reply.send(Err(ServerError::Command(
                    "the changes could not be stored; nothing of this request was kept, send it again".to_owned(),
                )));
            }
        }
    }
}
