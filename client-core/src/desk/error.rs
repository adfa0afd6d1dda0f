//! Why something cannot be done, in one line for people and one word for programs.

use sync::id::RecordId;

use crate::command::CommandError;
use crate::identity::IdentityError;
use crate::message;
use crate::minutes::PassageError;
use crate::replica::ReplicaError;
use crate::view::code::CodeFault;
use crate::view::{ActingError, ViewError};

/// Why something cannot be done. Holds codes that were typed, never a petitioner's words. Written out it names commands, for
/// those who type them; [`DeskError::line`] does not.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs)]
pub enum DeskError {
    #[error(transparent)]
    Command(#[from] CommandError),
    #[error(transparent)]
    View(#[from] ViewError),
    #[error(transparent)]
    Replica(#[from] ReplicaError),
    #[error(transparent)]
    Identity(#[from] IdentityError),
    #[error(transparent)]
    Code(#[from] CodeFault),
    #[error(transparent)]
    Passage(#[from] PassageError),
    #[error("mã “{0}” gõ nhầm một chữ: chữ kiểm tra không khớp; hãy xem lại mã")]
    Mistyped(String),
    #[error("“{0}” không phải mã đơn (như KT-7K3M-Q2VA) hay UUID; hãy xem lại")]
    NotAnId(String),
    #[error("“{0}” không phải UUID của một buổi; hãy lấy ở session list")]
    NotASession(String),
    #[error("không có đơn mã {0} trên máy này; hãy đồng bộ (langnghe sync) rồi thử lại")]
    NoCode(String),
    #[error("nhiều đơn cùng mã {code}; hãy ghi UUID thay cho mã: {}", ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "))]
    AmbiguousCode { code: String, ids: Vec<RecordId> },
    #[error("“{0}” không phải thời điểm; ghi theo dạng 2026-11-23, 2026-11-23T08:30 hoặc RFC 3339")]
    NotATime(String),
    #[error(
        "đơn tố cáo phải giữ kín người tố cáo (Luật Tố cáo, Điều 8): hãy ghi nhận lại thành đơn kín bằng petition log --sealed, rồi xử lý đơn ấy"
    )]
    Denunciation,
    #[error("đơn kín không trả lời ngay tại chỗ; hãy ghi nhận trước, người được giao sẽ giải quyết và báo lại")]
    SealedAnswered,
    #[error("đơn {0} là đơn thường, cơ quan đọc nguyên văn; bản tóm tắt chỉ dành cho đơn kín")]
    NotSealed(String),
    #[error("đơn {0} là đơn kín, không tách được; hãy ghi nhận phần kia thành một đơn riêng")]
    SealedSplit(String),
    #[error("không có vị trí mã “{0}” trong danh mục; hãy kiểm tra mã (langnghe directory show)")]
    NoPost(String),
    #[error("không có việc chưa gửi được nào mang số {0}; hãy xem refused list")]
    NoRefused(String),
    #[error("biên bản đã xem là của buổi khác; hãy mở lại biên bản của buổi này rồi ghi")]
    OtherMinutes,
    #[error("nội dung để trống; hãy ghi nội dung")]
    EmptyText,
}

impl From<ActingError> for DeskError {
    fn from(error: ActingError) -> Self {
        match error {
            ActingError::Post(error) => error.into(),
            ActingError::View(error) => error.into(),
        }
    }
}

impl DeskError {
    /// One line for a screen: what is so, why, and what to do.
    pub fn line(&self) -> String {
        let line = message::on_screen(&self.to_string());
        line.split('\n').map(str::trim).filter(|part| !part.is_empty()).collect::<Vec<_>>().join("; ")
    }

    /// What kind it is, for programs. The words are stable.
    pub fn key(&self) -> &'static str {
        match self {
            DeskError::Command(error) => command(error),
            DeskError::View(error) => view(error),
            DeskError::Replica(error) => replica(error),
            DeskError::Identity(error) => identity(error),
            DeskError::Code(error) => code(error),
            DeskError::Passage(error) => match error {
                PassageError::Empty => "passage-empty",
                PassageError::NotThere => "passage-not-there",
                PassageError::Several(_) => "passage-several",
                PassageError::Same => "passage-same",
            },
            DeskError::Mistyped(_) => "code-mistyped",
            DeskError::NotAnId(_) => "not-an-id",
            DeskError::NotASession(_) => "not-a-session",
            DeskError::NoCode(_) => "not-here",
            DeskError::AmbiguousCode { .. } => "code-ambiguous",
            DeskError::NotATime(_) => "not-a-time",
            DeskError::Denunciation => "denunciation-sealed",
            DeskError::SealedAnswered => "sealed-answered",
            DeskError::NotSealed(_) => "not-sealed",
            DeskError::SealedSplit(_) => "sealed-split",
            DeskError::NoPost(_) => "unknown-post",
            DeskError::NoRefused(_) => "no-refused-work",
            DeskError::OtherMinutes => "other-minutes",
            DeskError::EmptyText => "text-empty",
        }
    }
}

/// The gate's own key where it has one: it says more than the code.
fn command(error: &CommandError) -> &'static str {
    match error {
        CommandError::Refused(refusal) => refusal.reason.key().map_or(refusal.code.as_str(), |key| key.as_str()),
        CommandError::AlreadyThere(_) => "already-there",
        CommandError::AlreadySo => "already-so",
        CommandError::NoRecord(_) => "not-here",
        CommandError::OtherKind { .. } => "other-kind",
        CommandError::NotYourPost { .. } => "not-your-post",
        CommandError::NoFittingPost { .. } => "no-fitting-post",
        CommandError::SeveralPosts { .. } => "several-posts",
        CommandError::Document(_) => "not-writable",
        CommandError::Replica(error) => replica(error),
    }
}

fn view(error: &ViewError) -> &'static str {
    match error {
        ViewError::NotHere { .. } => "not-here",
        ViewError::Replica(error) => replica(error),
    }
}

fn replica(error: &ReplicaError) -> &'static str {
    match error {
        ReplicaError::PastLease { .. } => "past-lease",
        ReplicaError::Damaged(_) => "damaged",
        _ => "replica",
    }
}

fn identity(error: &IdentityError) -> &'static str {
    match error {
        IdentityError::Person(_) => "bad-person",
        IdentityError::Words(_) => "bad-words",
        IdentityError::NoOffice => "no-office",
        IdentityError::LookFirst => "look-first",
        IdentityError::NotYours => "identity-not-yours",
        IdentityError::Erased => "identity-erased",
        IdentityError::NoPetition => "no-petition",
        IdentityError::NoteTooLong => "note-too-long",
        IdentityError::NamePaper => "name-paper",
        IdentityError::Command(error) => command(error),
        IdentityError::View(error) => view(error),
        IdentityError::Replica(error) => replica(error),
    }
}

fn code(error: &CodeFault) -> &'static str {
    use crate::view::code::What;
    match error {
        CodeFault::Unknown { what: What::Unit, .. } => "unknown-unit",
        CodeFault::Unknown { what: What::Hamlet, .. } => "unknown-hamlet",
        CodeFault::Unknown { what: What::Body, .. } => "unknown-body",
        CodeFault::Unknown { what: What::Category, .. } => "unknown-category",
        CodeFault::Divided { .. } => "code-divided",
        CodeFault::NotCommune { .. } => "not-a-commune",
        CodeFault::NotHamlet { .. } => "not-a-hamlet",
        CodeFault::OtherCommune { .. } => "other-commune",
    }
}
