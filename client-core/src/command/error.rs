//! Why a command cannot be done, in words for the screen.

use sync::document::DocumentError;
use sync::gate::{Refusal, Verdict};
use sync::id::RecordId;
use sync::wire::RefusalCode;

use crate::replica::ReplicaError;

/// Why a command cannot be done. Never holds a petitioner's words.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    /// The gate would not let it in, here as at the server.
    #[error("{} ({}: {detail})", meaning(*code), code.as_str())]
    Refused {
        /// For programs.
        code: RefusalCode,
        /// Names of fields, posts and codes.
        detail: String,
    },
    /// The record to be made is there already.
    #[error("hồ sơ {0} đã có trên máy này; không cần ghi lại")]
    AlreadyThere(RecordId),
    /// The record is not on this device.
    #[error("không có hồ sơ {0} trên máy này; hãy đồng bộ (langnghe sync) rồi thử lại")]
    NoRecord(RecordId),
    /// The record is there, but is something else.
    #[error("hồ sơ {record} là {found}, không phải {wanted}; hãy kiểm tra lại mã")]
    OtherKind {
        /// Which.
        record: RecordId,
        /// What it is.
        found: &'static str,
        /// What the command needs.
        wanted: &'static str,
    },
    /// A post that the user does not hold today.
    #[error("tài khoản này không giữ vị trí {wanted} hôm nay; vị trí đang giữ: {}", list(held))]
    NotYourPost {
        /// As given.
        wanted: String,
        /// Codes of the posts held.
        held: Vec<String>,
    },
    /// No post that the user holds today can do this.
    #[error("không vị trí nào của tài khoản này làm được việc này; vị trí đang giữ: {}", list(held))]
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
    #[error("không ghi được vào hồ sơ: {0}")]
    Document(DocumentError),
    /// The database.
    #[error(transparent)]
    Replica(#[from] ReplicaError),
}

fn list(codes: &[String]) -> String {
    if codes.is_empty() { "(không có)".to_owned() } else { codes.join(", ") }
}

/// A refusal's code in the user's language.
pub fn meaning(code: RefusalCode) -> &'static str {
    match code {
        RefusalCode::BadSignature => "chữ ký không đúng của máy này",
        RefusalCode::BadChange => "thay đổi không đọc được; hãy cập nhật chương trình",
        RefusalCode::TooLarge => "nội dung quá dài; hãy rút ngắn hoặc chia nhỏ",
        RefusalCode::ActorReused => "máy này được khôi phục từ bản sao cũ; hãy đồng bộ lại",
        RefusalCode::NotAllowed => "không được phép làm việc này ở trạng thái hoặc với vị trí hiện tại",
        RefusalCode::UnknownCode => "mã không có trong danh mục; hãy đồng bộ hoặc kiểm tra lại mã",
        RefusalCode::BadValue => "giá trị không hợp lệ",
        RefusalCode::Clock => "thời điểm ở tương lai; hãy chỉnh đồng hồ hoặc --at",
        RefusalCode::Immutable => "nội dung đã ghi thì không ghi lại được",
        RefusalCode::Ancestor => "dựa trên một thay đổi chưa gửi được; hãy sửa thay đổi đó trước",
        RefusalCode::NoRecord => "hồ sơ không còn thuộc phạm vi của tài khoản này",
        RefusalCode::Upgrade => "cần máy chủ hoặc chương trình mới hơn; hãy cập nhật rồi gửi lại",
        RefusalCode::BadDirectory => "danh mục sẽ mâu thuẫn; hãy sửa tệp danh mục",
    }
}

impl From<Refusal> for CommandError {
    fn from(refusal: Refusal) -> Self {
        CommandError::Refused { code: refusal.code, detail: refusal.detail }
    }
}

impl From<Verdict> for CommandError {
    fn from(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Refused(refusal) => refusal.into(),
            Verdict::Waiting(_) => {
                CommandError::Refused { code: RefusalCode::BadChange, detail: "its dependencies are not here".into() }
            }
        }
    }
}

impl From<DocumentError> for CommandError {
    fn from(error: DocumentError) -> Self {
        CommandError::Document(error)
    }
}

impl From<rusqlite::Error> for CommandError {
    fn from(error: rusqlite::Error) -> Self {
        CommandError::Replica(error.into())
    }
}

impl CommandError {
    /// Its code, as a refusal in the outbox keeps it.
    pub(crate) fn code_and_detail(&self) -> (RefusalCode, String) {
        match self {
            CommandError::Refused { code, detail } => (*code, detail.clone()),
            CommandError::NoRecord(_) => (RefusalCode::NoRecord, "the record it belongs to was not taken".to_owned()),
            CommandError::AlreadyThere(_) => (RefusalCode::Immutable, "the record is there already".to_owned()),
            other => (RefusalCode::BadChange, other.to_string()),
        }
    }
}
