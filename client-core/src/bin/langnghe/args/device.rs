//! What can be typed of the office's devices.

use clap::Subcommand;

/// `langnghe device …`
#[derive(Debug, Subcommand)]
pub enum DeviceCommand {
    #[command(about = "Các thiết bị đã ghi danh: của ai, lần cuối liên lạc, đang chờ duyệt hay không")]
    List,
    #[command(about = "Duyệt một thiết bị đang chờ; không tự duyệt máy của mình")]
    Approve {
        #[arg(value_name = "ID", help = "Mã thiết bị trong danh sách")]
        id: String,
    },
    #[command(about = "Thu hồi một thiết bị: mất máy, thôi việc")]
    Revoke {
        #[arg(value_name = "ID", help = "Mã thiết bị trong danh sách")]
        id: String,
    },
}
