//! `langnghe refused | import | export | directory | report …`

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::petition::FilterArgs;
use super::word;

/// What was not taken by the server and waits to be put right.
#[derive(Debug, Subcommand)]
pub enum RefusedCommand {
    #[command(about = "Các việc chưa gửi được, với lý do")]
    List,
    #[command(about = "Làm lại việc ấy trên tình trạng hiện nay và gửi lại ở lần đồng bộ tới")]
    Retry {
        #[arg(value_name = "ID", help = "Số trong danh sách")]
        id: String,
    },
    #[command(about = "Bỏ hẳn việc ấy")]
    Discard {
        #[arg(value_name = "ID", help = "Số trong danh sách")]
        id: String,
        #[arg(long, required = true, help = "Chắc chắn bỏ")]
        yes: bool,
    },
}

/// A register to be taken in.
#[derive(Debug, Args)]
pub struct ImportArgs {
    #[arg(value_name = "FILE", help = "Tệp .csv hoặc .xlsx")]
    pub file: PathBuf,
    #[arg(long, value_name = "MAP.toml", help = "Tệp ánh xạ: cột nào nghĩa là gì")]
    pub mapping: PathBuf,
    #[arg(long, help = "Chỉ xem trước, không ghi gì")]
    pub dry_run: bool,
    #[arg(long, help = "Thêm vào danh mục các đơn vị, cơ quan, lĩnh vực chưa có (chỉ quản trị danh mục)")]
    pub create_missing: bool,
}

/// What can be exported.
#[derive(Debug, Subcommand)]
pub enum ExportCommand {
    #[command(about = "Sổ theo dõi phản ánh, kiến nghị; không có danh tính, trừ khi ghi --identity")]
    Petitions {
        #[arg(long, value_name = "FILE", help = "Tệp .xlsx hoặc .csv")]
        out: PathBuf,
        #[arg(
            long,
            help = "Thêm họ tên, điện thoại, địa chỉ, điều đã đồng ý của những đơn được xem danh tính; mỗi đơn đều được ghi lại là đã xem (cần mạng cho danh tính máy này chưa giữ)"
        )]
        identity: bool,
        #[command(flatten)]
        filter: FilterArgs,
    },
}

/// The tenant's directory.
#[derive(Debug, Subcommand)]
pub enum DirectoryCommand {
    #[command(about = "Đưa danh mục về đúng như tệp; điều tệp không nhắc thì giữ nguyên")]
    Apply {
        #[arg(value_name = "FILE", help = "Tệp TOML")]
        file: PathBuf,
    },
    #[command(about = "In danh mục, đúng dạng tệp")]
    Show,
}

/// Reports.
#[derive(Debug, Subcommand)]
pub enum ReportCommand {
    #[command(about = "Báo cáo tháng")]
    Monthly(MonthlyArgs),
}

/// `report monthly`.
#[derive(Debug, Args)]
pub struct MonthlyArgs {
    #[arg(long, value_name = "YYYY-MM", value_parser = word::month, help = "Tháng")]
    pub month: String,
    #[arg(long, value_name = "TIME", help = "Tính theo những gì máy chủ đã nhận đến lúc này")]
    pub as_of: Option<String>,
    #[arg(long, value_name = "BY", value_parser = ["unit", "body", "category", "channel", "kind"], hide_possible_values = true, help = "Chia theo unit, body, category, channel hoặc kind")]
    pub by: Option<String>,
    #[arg(long, value_name = "FORMAT", value_parser = ["table", "json", "csv"], hide_possible_values = true, help = "table, json hoặc csv (mặc định: table, với --json là json)")]
    pub format: Option<String>,
    #[arg(long, value_name = "FILE", help = "Ghi ra tệp thay vì in")]
    pub out: Option<PathBuf>,
}
