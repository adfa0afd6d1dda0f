//! `langnghe session …`

use clap::{Args, Subcommand};
use sync::model::petition::Channel;

use super::word;

/// What can be done with sessions.
#[derive(Debug, Subcommand)]
pub enum SessionCommand {
    #[command(about = "Mở một buổi")]
    Log(SessionLogArgs),
    #[command(about = "Các buổi trên máy này, mới nhất trước")]
    List {
        #[arg(long, value_name = "N", default_value_t = 50, hide_default_value = true, value_parser = word::count, help = "Nhiều nhất bao nhiêu (mặc định: 50)")]
        limit: u32,
        #[arg(long, value_name = "N", default_value_t = 0, hide_default_value = true, value_parser = word::count, help = "Bỏ qua bao nhiêu")]
        offset: u32,
    },
    #[command(about = "Một buổi, với biên bản, kết luận và các đơn nêu tại đó")]
    Show {
        #[arg(value_name = "ID", help = "UUID của buổi")]
        id: String,
    },
    #[command(about = "Ghi thêm vào biên bản, hoặc sửa một đoạn; nhiều người có thể cùng ghi")]
    Minutes {
        #[arg(value_name = "ID", help = "UUID của buổi")]
        id: String,
        #[command(flatten)]
        write: MinutesArgs,
    },
    #[command(about = "Ghi kết luận của buổi")]
    Conclude {
        #[arg(value_name = "ID", help = "UUID của buổi")]
        id: String,
        #[arg(long, value_name = "TEXT", allow_hyphen_values = true, help = "Kết luận; - để đọc đầu vào chuẩn")]
        text: String,
        #[arg(long, value_name = "TIME", help = "Lúc kết luận (mặc định: bây giờ)")]
        at: Option<String>,
    },
    #[command(name = "same-as", about = "Hai cán bộ mở cùng một buổi: buổi này chính là buổi kia")]
    SameAs {
        #[arg(value_name = "ID", help = "UUID của buổi này")]
        id: String,
        #[arg(long, value_name = "ID", help = "UUID của buổi được tính")]
        of: String,
        #[arg(long, value_name = "TIME", help = "Lúc ghi (mặc định: bây giờ)")]
        at: Option<String>,
    },
}

/// What is written in the minutes: a paragraph at their end, or one passage in the place of another.
#[derive(Debug, Args)]
pub struct MinutesArgs {
    #[arg(
        long,
        value_name = "TEXT",
        allow_hyphen_values = true,
        required_unless_present = "replace",
        conflicts_with_all = ["replace", "with"],
        help = "Đoạn ghi thêm; - để đọc đầu vào chuẩn"
    )]
    pub append: Option<String>,
    #[arg(
        long,
        value_name = "OLD",
        allow_hyphen_values = true,
        requires = "with",
        help = "Đoạn cần sửa, chép đúng từng chữ; phải có đúng một chỗ trong biên bản"
    )]
    pub replace: Option<String>,
    #[arg(
        long,
        value_name = "NEW",
        allow_hyphen_values = true,
        requires = "replace",
        help = "Đoạn thay vào; để trống (\"\") để bỏ đoạn ấy; - để đọc đầu vào chuẩn"
    )]
    pub with: Option<String>,
}

/// A session to be opened.
#[derive(Debug, Args)]
pub struct SessionLogArgs {
    #[arg(
        long,
        value_name = "K",
        value_parser = word::channel,
        help = "dialogue (đối thoại), reception (tiếp công dân), visit (thăm hộ dân), voter-contact (tiếp xúc cử tri), \
                cell-meeting (sinh hoạt chi bộ), letter (đơn, thư), hotline (đường dây nóng)"
    )]
    pub kind: Channel,
    #[arg(long, value_name = "CODE", help = "Mã đơn vị: xã, phường, hoặc ấp, khu phố")]
    pub unit: String,
    #[arg(long, value_name = "T", allow_hyphen_values = true, help = "Tên buổi")]
    pub title: Option<String>,
    #[arg(long, value_name = "POST", help = "Vị trí chủ trì")]
    pub chair: Option<String>,
    #[arg(long, value_name = "N", value_parser = word::count, help = "Số người dự")]
    pub present: Option<u32>,
    #[arg(long, value_name = "TIME", help = "Lúc diễn ra (mặc định: bây giờ)")]
    pub at: Option<String>,
}
