//! What can be typed of couriers' files.

use std::path::PathBuf;

use clap::Subcommand;

/// `langnghe bundle …`
#[derive(Debug, Subcommand)]
pub enum BundleCommand {
    #[command(about = "Lập gói gửi máy chủ: mọi việc chưa gửi, đã niêm phong")]
    Request {
        #[arg(value_name = "FILE", help = "Tệp sẽ ghi; ai mang đi cũng được, không ai đọc được")]
        file: PathBuf,
    },
    #[command(about = "Mang hộ gói của máy khác: gửi khi máy này có mạng, rồi lấy gói trả lời")]
    Carry {
        #[arg(value_name = "FILE", help = "Gói mà máy kia đã lập")]
        file: PathBuf,
        #[arg(long, value_name = "FILE", help = "Tệp ghi gói trả lời (mặc định: tên gói, thêm .reply)")]
        reply: Option<PathBuf>,
    },
    #[command(about = "Nhập gói trả lời trên máy đã lập gói")]
    Apply {
        #[arg(value_name = "FILE", help = "Gói trả lời của máy chủ")]
        file: PathBuf,
    },
}
