//! `langnghe sealed …`

use clap::Subcommand;

/// What can be done with all sealed petitions.
#[derive(Debug, Subcommand)]
pub enum SealedCommand {
    #[command(
        about = "Người được giao trước đã thôi, không ai mở được: mở lại cho những người đang được giao, bằng khoá khôi phục \
                 (LANGNGHE_RECOVERY_KEY, hoặc gõ khi được hỏi)"
    )]
    Recover,
    #[command(about = "Đơn kín ghi ở đây được khoá cho những máy nào; đối chiếu dấu khoá với máy của người được giao")]
    Keys,
}
