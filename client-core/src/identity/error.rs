//! Why who spoke cannot be written down or read, in words for the screen. Never what is in it.

use sync::identity::{MAX_NOTE_BYTES, PersonFault, WordsFault};

use crate::command::CommandError;
use crate::replica::ReplicaError;
use crate::view::ViewError;

/// Why not.
#[derive(Debug, thiserror::Error)]
pub enum IdentityError {
    /// What was told of the person.
    #[error("{}", person(.0))]
    Person(#[from] PersonFault),
    /// What was said in a sealed petition.
    #[error("{}", words(.0))]
    Words(#[from] WordsFault),
    /// No office looks after the commune.
    #[error(
        "chưa có cơ quan Mặt trận nào phụ trách nơi ấy trong danh mục, nên đơn kín chưa có nơi nhận; hãy báo người quản trị danh mục"
    )]
    NoOffice,
    /// What is written down of a sealed petition's person does not lie here.
    #[error(
        "máy này chưa giữ danh tính của đơn kín ấy; hãy xem trước (petition identity), rồi mới ghi lại cho khỏi mất điều đã biết"
    )]
    LookFirst,
    /// None of the user's posts.
    #[error(
        "không vị trí nào của tài khoản này được ghi hay xem danh tính người phản ánh ở nơi ấy; hãy nhờ người có quyền"
    )]
    NotYours,
    /// It was asked for, and is so for good.
    #[error("danh tính của người này đã được xoá theo yêu cầu; không ghi lại được")]
    Erased,
    /// Only petitions are raised by somebody.
    #[error("danh tính chỉ ghi kèm một đơn; hãy kiểm tra lại mã")]
    NoPetition,
    /// The note.
    #[error("ghi chú dài quá {MAX_NOTE_BYTES} byte; hãy ghi ngắn lại")]
    NoteTooLong,
    /// An authority asks by a paper.
    #[error("xem theo yêu cầu của cơ quan có thẩm quyền thì phải ghi số văn bản; hãy thêm --note SỐ")]
    NamePaper,
    /// The petition, or its change.
    #[error(transparent)]
    Command(#[from] CommandError),
    /// The petition cannot be read.
    #[error(transparent)]
    View(#[from] ViewError),
    /// The database.
    #[error(transparent)]
    Replica(#[from] ReplicaError),
}

fn words(fault: &WordsFault) -> String {
    match fault {
        WordsFault::Empty => "chưa ghi nội dung; hãy ghi điều người dân nói".to_owned(),
        WordsFault::TooLong { limit } => format!("nội dung hoặc địa điểm dài quá {limit} byte; hãy ghi ngắn lại"),
    }
}

fn person(fault: &PersonFault) -> String {
    match fault {
        PersonFault::Empty => {
            "chưa ghi gì về người phản ánh; hãy ghi ít nhất họ tên, số điện thoại hoặc địa chỉ".to_owned()
        }
        PersonFault::Phone => "số điện thoại không đúng; chỉ ghi chữ số, dấu cách, dấu + . - ( )".to_owned(),
        PersonFault::TooLong { field, limit } => {
            let field = match *field {
                "name" => "họ tên",
                "phone" => "số điện thoại",
                _ => "địa chỉ",
            };
            format!("{field} dài quá {limit} byte; hãy ghi ngắn lại")
        }
    }
}
