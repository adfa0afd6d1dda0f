//! `langnghe pin …`

use clap::Subcommand;

/// The PIN of this replica. The new one comes from LANGNGHE_NEW_PIN or is asked for; it is never an argument, which other
/// programs could read.
#[derive(Debug, Subcommand)]
pub enum PinCommand {
    #[command(about = "Đặt mã PIN cho máy chưa có (LANGNGHE_NEW_PIN, hoặc gõ hai lần)")]
    Set,
    #[command(about = "Đổi mã PIN (mã cũ: LANGNGHE_PIN hoặc gõ; mã mới: LANGNGHE_NEW_PIN hoặc gõ hai lần)")]
    Change,
    #[command(about = "Bỏ mã PIN: ai lấy được máy này thì đọc được dữ liệu")]
    Remove,
}
