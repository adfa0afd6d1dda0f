//! What can be typed: the tree of commands, in the words of the contract.

mod bundle;
mod device;
mod event;
mod office;
mod petition;
mod pin;
mod sealed;
mod session;
mod usage;
mod word;

use std::path::PathBuf;

use clap::{Parser, Subcommand};

pub use bundle::BundleCommand;
pub use device::DeviceCommand;
pub use event::{ActArgs, EventArgs, EventCommand};
pub use office::{DirectoryCommand, ExportCommand, ImportArgs, MonthlyArgs, RefusedCommand, ReportCommand};
pub use petition::{
    DataArgs, FilterArgs, IdentifyArgs, IdentityArgs, ListArgs, LogArgs, PersonArgs, PetitionCommand, ShowArgs,
    SplitArgs, SummaryArgs,
};
pub use pin::PinCommand;
pub use sealed::SealedCommand;
pub use session::{MinutesArgs, SessionCommand, SessionLogArgs};
pub use usage::{in_vietnamese, usage_line};

/// The command line of a replica.
#[derive(Debug, Parser)]
#[command(
    name = "langnghe",
    version,
    about = "Lắng Nghe: ghi nhận, theo dõi phản ánh, kiến nghị của người dân trên máy này, không cần mạng.",
    after_help = "ID là mã ngắn (KT-7K3M-Q2VA) hoặc UUID. Giờ ghi theo 2026-11-23T08:30 hoặc 2026-11-23, giờ địa phương.\n\
                  Ghi `--text -` để đọc nội dung từ đầu vào chuẩn. Mã PIN: lấy ở LANGNGHE_PIN, hoặc hỏi khi cần.\n\
                  Kết quả: 0 xong, 1 chưa làm được, 2 gõ lệnh sai."
)]
pub struct Cli {
    #[arg(
        long,
        global = true,
        env = "LANGNGHE_HOME",
        hide_env = true,
        display_order = 900,
        value_name = "DIR",
        help = "Thư mục dữ liệu của máy này (mặc định: LANGNGHE_HOME, rồi langnghe trong thư mục dữ liệu của người dùng)"
    )]
    pub home: Option<PathBuf>,
    #[arg(long, global = true, display_order = 901, help = "In đúng một giá trị JSON thay cho bảng")]
    pub json: bool,
    #[arg(long = "as", global = true, value_name = "POST", help = "Làm với vị trí nào, khi kiêm nhiều vị trí")]
    pub post: Option<String>,
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    #[command(about = "Ghi danh máy này với máy chủ bằng mã ghi danh, rồi đồng bộ")]
    Enroll {
        #[arg(value_name = "URL", help = "Địa chỉ máy chủ, chẳng hạn https://langnghe.example.vn")]
        url: String,
        #[arg(value_name = "CODE", help = "Mã ghi danh do quản trị cấp")]
        code: String,
    },
    #[command(about = "Gửi việc đã ghi lên máy chủ và nhận việc mới về")]
    Sync,
    #[command(about = "Máy này của ai, còn bao nhiêu việc chưa gửi, đồng bộ lần cuối lúc nào")]
    Status,
    #[command(subcommand, about = "Buổi đối thoại, tiếp công dân, thăm hộ dân …")]
    Session(SessionCommand),
    #[command(subcommand, about = "Phản ánh, kiến nghị, khiếu nại")]
    Petition(PetitionCommand),
    #[command(subcommand, about = "Đơn kín: mở lại cho người được giao bằng khoá khôi phục")]
    Sealed(SealedCommand),
    #[command(subcommand, about = "Việc chưa gửi được, cần sửa")]
    Refused(RefusedCommand),
    #[command(about = "Nhập sổ cũ từ tệp CSV hoặc bảng tính")]
    Import(ImportArgs),
    #[command(subcommand, about = "Xuất sổ theo dõi ra tệp")]
    Export(ExportCommand),
    #[command(subcommand, about = "Gói chuyển tay: đồng bộ bằng tệp, khi không có mạng")]
    Bundle(BundleCommand),
    #[command(subcommand, about = "Mã PIN mở dữ liệu trên máy này")]
    Pin(PinCommand),
    #[command(subcommand, about = "Danh mục: đơn vị, cơ quan, vị trí, lĩnh vực …")]
    Directory(DirectoryCommand),
    #[command(subcommand, about = "Thiết bị của cơ quan: xem, duyệt, thu hồi (cần mạng)")]
    Device(DeviceCommand),
    #[command(subcommand, about = "Báo cáo, lấy từ máy chủ")]
    Report(ReportCommand),
}

#[cfg(test)]
mod tests;
