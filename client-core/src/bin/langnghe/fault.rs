//! Why a command failed, as the one line people read.

use client_core::command::CommandError;
use client_core::desk::DeskError;
use client_core::export::ExportError;
use client_core::import_run::ImportRunError;
use client_core::message;
use client_core::replica::ReplicaError;
use client_core::syncer::SyncError;
use client_core::vault::PinFault;
use client_core::view::ViewError;

/// Why a command failed. Lines are in the user's language and hold no petitioner's words.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    #[error(transparent)]
    Desk(#[from] DeskError),
    #[error(transparent)]
    Command(#[from] CommandError),
    #[error(transparent)]
    View(#[from] ViewError),
    #[error(transparent)]
    Replica(#[from] ReplicaError),
    #[error("{}", sync_line(.0))]
    Sync(#[from] SyncError),
    #[error("máy này đã bị thu hồi nhưng chưa giao được việc chưa gửi cho máy chủ giữ, nên chưa xoá gì; hãy thử lại khi có mạng: {}", sync_line(.0))]
    Leaving(SyncError),
    #[error(transparent)]
    Import(#[from] ImportRunError),
    #[error(transparent)]
    Export(#[from] ExportError),
    #[error("{}", message::directory_file(.0))]
    DirectoryFile(sync::model::directory::FileError),
    #[error("danh mục đã ghi được {done} trên {all} mục rồi dừng: {error}; sửa rồi chạy lại, phần đã ghi được giữ")]
    DirectoryPart { done: usize, all: usize, error: Box<CommandError> },
    #[error("{}", message::enrolment_code(*.0))]
    EnrolmentCode(sync::enrolment_code::Mistake),
    #[error("“{0}” không phải mã của một thiết bị; hãy lấy ở device list")]
    NotADevice(String),
    #[error("cần khoá khôi phục; hãy đặt LANGNGHE_RECOVERY_KEY, hoặc chạy lệnh ở cửa sổ dòng lệnh để gõ khoá")]
    RecoveryKeyNeeded,
    #[error("khoá khôi phục gõ sai: thiếu hoặc nhầm một chữ; hãy gõ lại như đã in")]
    NoRecoveryKey,
    #[error("nội dung để trống; hãy ghi nội dung, hoặc dùng - để đọc đầu vào chuẩn")]
    EmptyText,
    #[error("không đọc được đầu vào chuẩn: {}", message::system(.0))]
    Input(std::io::Error),
    #[error("{} đã có; hãy chọn tên khác", .0.display())]
    FileThere(std::path::PathBuf),
    #[error(transparent)]
    Identity(#[from] client_core::identity::IdentityError),
    #[error("máy này chưa giữ danh tính ấy; đã ghi yêu cầu, lần đồng bộ tới máy chủ sẽ gửi về ({0})")]
    IdentityLater(Box<Fault>),
    #[error("{0}")]
    IdentityDenied(String),
    #[error("đơn này chưa ghi danh tính người phản ánh; ghi bằng petition identify")]
    NobodyNamed,
    #[error("tệp {}: {error}", path.display())]
    NotAnAudit { path: std::path::PathBuf, error: client_core::own_data::NotAnAudit },
    #[error(transparent)]
    Courier(#[from] client_core::syncer::courier::CourierError),
    #[error("không dùng được tệp {}: {}", path.display(), message::system(error))]
    File { path: std::path::PathBuf, error: std::io::Error },
    #[error("--json chỉ đi cùng --format json; bỏ một trong hai, hoặc ghi ra tệp bằng --out")]
    JsonFormat,
    #[error("máy chủ trả lời không phải JSON; hãy cập nhật chương trình")]
    NotJson,
    #[error(transparent)]
    Pin(#[from] PinFault),
    #[error("{0} không phải chữ mã UTF-8; hãy đặt lại")]
    PinVariable(&'static str),
    #[error("hai lần gõ không giống nhau, mã PIN không đổi; hãy chạy lại lệnh")]
    PinTypedTwoWays,
    #[error("chưa có mã PIN mới; hãy đặt LANGNGHE_NEW_PIN, hoặc chạy lệnh ở cửa sổ dòng lệnh để gõ mã")]
    NewPinNeeded,
    #[error("máy này đã có mã PIN; muốn đổi thì dùng pin change")]
    PinThere,
    #[error("máy này chưa có mã PIN; muốn đặt thì dùng pin set")]
    NoPin,
    #[error("địa chỉ máy chủ “{0}” không đúng; ghi đủ, chẳng hạn https://langnghe.example.vn")]
    Url(String),
}

/// What the server says of itself in English, its stable word says here.
fn sync_line(error: &SyncError) -> String {
    match error {
        SyncError::Server { status, kind, .. } => {
            format!("máy chủ không nhận yêu cầu: {} [mã: {status} {kind}]", message::problem(kind))
        }
        other => other.to_string(),
    }
}

impl Fault {
    /// 2 for a command that was typed wrongly, 1 for one that could not be done.
    pub fn exit_code(&self) -> u8 {
        match self {
            Fault::Desk(DeskError::NotATime(_) | DeskError::NotAnId(_) | DeskError::NotASession(_))
            | Fault::JsonFormat
            | Fault::NotADevice(_)
            | Fault::Url(_) => 2,
            _ => 1,
        }
    }

    /// The line, whatever an underlying message looks like.
    pub fn line(&self) -> String {
        let line = self.to_string();
        line.split('\n').map(str::trim).filter(|part| !part.is_empty()).collect::<Vec<_>>().join("; ")
    }
}
