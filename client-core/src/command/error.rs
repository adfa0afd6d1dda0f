//! Why a command cannot be done, in words for the screen.

use sync::document::DocumentError;
use sync::document::text::Unplaced;
use sync::gate::{Refusal, Verdict};
use sync::id::RecordId;
use sync::reason::Reason;
use sync::wire::RefusalCode;

use crate::message;
use crate::replica::ReplicaError;
use crate::view::word;

/// Why a command cannot be done. Never holds a petitioner's words.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    /// The gate would not let it in, here as at the server.
    #[error("chưa ghi được: {}", message::refusal(.0.code, &.0.reason))]
    Refused(Refusal),
    /// The record to be made is there already.
    #[error("hồ sơ {0} đã có trên máy này; không cần ghi lại")]
    AlreadyThere(RecordId),
    /// Nothing is left to be done.
    #[error("biên bản đã đúng như vậy; không cần ghi lại")]
    AlreadySo,
    /// The record is not on this device.
    #[error("không có hồ sơ {0} trên máy này; hãy đồng bộ (langnghe sync) rồi thử lại")]
    NoRecord(RecordId),
    /// The record is there, but is something else.
    #[error(
        "hồ sơ {record} là {}, không phải {}; hãy kiểm tra lại mã",
        word::record(found).unwrap_or(found),
        word::record(wanted).unwrap_or(wanted)
    )]
    OtherKind {
        /// Which.
        record: RecordId,
        /// What it is.
        found: &'static str,
        /// What the command needs.
        wanted: &'static str,
    },
    /// A post that the user does not hold today.
    #[error("tài khoản này không giữ vị trí {wanted} hôm nay; hãy chọn trong các vị trí đang giữ: {}", list(held))]
    NotYourPost {
        /// As given.
        wanted: String,
        /// Codes of the posts held.
        held: Vec<String>,
    },
    /// No post that the user holds today can do this.
    #[error(
        "không vị trí nào của tài khoản này làm được việc này (vị trí đang giữ: {}); hãy nhờ người có quyền",
        list(held)
    )]
    NoFittingPost {
        /// Codes of the posts held.
        held: Vec<String>,
    },
    /// Several posts can do this.
    #[error("tài khoản này có nhiều vị trí làm được việc này: {}; hãy chọn một bằng --as", list(fitting))]
    SeveralPosts {
        /// Their codes.
        fitting: Vec<String>,
    },
    /// The document cannot be written.
    #[error("chưa ghi được: {}", message::refusal(RefusalCode::BadChange, &.0.reason()))]
    Document(DocumentError),
    /// The database.
    #[error(transparent)]
    Replica(#[from] ReplicaError),
}

fn list(codes: &[String]) -> String {
    if codes.is_empty() { "(không có)".to_owned() } else { codes.join(", ") }
}

impl From<Refusal> for CommandError {
    fn from(refusal: Refusal) -> Self {
        CommandError::Refused(refusal)
    }
}

impl From<Verdict> for CommandError {
    fn from(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Refused(refusal) => refusal.into(),
            Verdict::Waiting(_) => Refusal::bad_change(Reason::not_its_ground()).into(),
        }
    }
}

impl From<DocumentError> for CommandError {
    fn from(error: DocumentError) -> Self {
        CommandError::Document(error)
    }
}

impl From<Unplaced> for CommandError {
    fn from(unplaced: Unplaced) -> Self {
        match unplaced {
            Unplaced::NotThere => Refusal::new(RefusalCode::Ancestor, Reason::passage_not_there()).into(),
            Unplaced::Document(error) => error.into(),
        }
    }
}

impl From<rusqlite::Error> for CommandError {
    fn from(error: rusqlite::Error) -> Self {
        CommandError::Replica(error.into())
    }
}

impl CommandError {
    /// Why not, as the outbox keeps it of work that cannot be run again.
    pub(crate) fn reason(&self) -> Reason {
        match self {
            CommandError::Refused(refusal) => refusal.reason.clone(),
            CommandError::NoRecord(_) => Reason::record_not_taken(),
            CommandError::AlreadyThere(_) => Reason::record_there(),
            CommandError::AlreadySo => Reason::already_so(),
            CommandError::OtherKind { .. } => Reason::other_kind(),
            CommandError::NotYourPost { wanted, .. } => Reason::post_not_held(wanted),
            CommandError::NoFittingPost { .. } | CommandError::SeveralPosts { .. } => Reason::no_post_fits(),
            CommandError::Document(error) => error.reason(),
            CommandError::Replica(_) => Reason::not_writable(),
        }
    }
}
