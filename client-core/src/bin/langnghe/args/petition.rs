//! `langnghe petition log | list | show | split`, and the filters that lists share with the export.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use client_core::desk::FilterForm;
use sync::identity::Purpose;
use sync::model::petition::{Channel, Kind, Status};

use super::event::EventCommand;
use super::word::{self, Consents};

const KINDS: &str = "feedback (phản ánh, mặc định), proposal (kiến nghị), complaint (khiếu nại), denunciation (tố cáo, ghi \
                     thành đơn kín), mixed (nhiều loại)";
const PART_KINDS: &str = "Loại của phần được tách (mặc định: như đơn gốc)";
const CHANNELS: &str = "dialogue, reception, visit, voter-contact, cell-meeting, letter, hotline (mặc định: theo buổi, \
                        ngoài buổi là reception)";

const PURPOSES: &str = "Xem để làm gì: handle (xử lý đơn), answer (báo kết quả), clarify (hỏi lại cho rõ), verify (xác \
                        minh), correct (sửa danh tính), own-request (người ấy yêu cầu), authority (cơ quan có thẩm \
                        quyền yêu cầu, phải có --note)";

/// What can be done with petitions.
#[derive(Debug, Subcommand)]
pub enum PetitionCommand {
    #[command(about = "Ghi nhận một phản ánh, kiến nghị")]
    Log(LogArgs),
    #[command(about = "Các đơn trên máy này, mới nhất trước")]
    List(ListArgs),
    #[command(about = "Một đơn, với mọi việc đã làm")]
    Show(ShowArgs),
    #[command(about = "Ghi hoặc sửa danh tính người phản ánh, giữ riêng ngoài đơn")]
    Identify(IdentifyArgs),
    #[command(about = "Xem danh tính người phản ánh; mỗi lần xem đều được ghi lại cùng mục đích")]
    Identity(IdentityArgs),
    #[command(about = "Tóm tắt một đơn kín cho cơ quan giải quyết, không lộ người nói")]
    Summary(SummaryArgs),
    #[command(about = "Mọi điều đang giữ về một người, thành một tệp trao cho chính người ấy khi có yêu cầu")]
    Data(DataArgs),
    #[command(about = "Tách một phần nội dung thành đơn riêng")]
    Split(SplitArgs),
    #[command(flatten)]
    Event(EventCommand),
}

/// A petition to be logged.
#[derive(Debug, Args)]
pub struct LogArgs {
    #[arg(long, value_name = "T", allow_hyphen_values = true, help = "Lời người dân; - để đọc đầu vào chuẩn")]
    pub text: String,
    #[arg(
        long,
        value_name = "CODE",
        required_unless_present = "session",
        help = "Mã xã, phường; mã ấp thì hiểu cả xã"
    )]
    pub unit: Option<String>,
    #[arg(long, value_name = "ID", help = "Buổi mà đơn được nêu (UUID)")]
    pub session: Option<String>,
    #[arg(long, value_name = "C", value_parser = word::channel, help = CHANNELS)]
    pub channel: Option<Channel>,
    #[arg(long, value_name = "H", help = "Mã ấp, khu phố")]
    pub hamlet: Option<String>,
    #[arg(long, value_name = "C", help = "Mã lĩnh vực")]
    pub category: Option<String>,
    #[arg(long, value_name = "KIND", value_parser = word::kind, default_value = "feedback", hide_default_value = true, help = KINDS)]
    pub kind: Kind,
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true, help = "Việc ở đâu, ghi bằng lời")]
    pub place: Option<String>,
    #[arg(long, help = "Cần gấp")]
    pub urgent: bool,
    #[arg(long, value_name = "N", value_parser = word::people, help = "Số người cùng nêu")]
    pub collective: Option<u32>,
    #[arg(
        long,
        value_name = "TEXT",
        allow_hyphen_values = true,
        help = "Đã trả lời ngay tại chỗ: ghi luôn kết quả và việc đã báo cho người dân"
    )]
    pub answered: Option<String>,
    #[arg(
        long,
        conflicts_with = "answered",
        help = "Đơn kín: chỉ người được giao mới đọc được nội dung và biết ai nói; tố cáo luôn là đơn kín"
    )]
    pub sealed: bool,
    #[command(flatten)]
    pub person: PersonArgs,
    #[arg(long, value_name = "TIME", help = "Lúc ghi nhận (mặc định: bây giờ)")]
    pub at: Option<String>,
}

/// Who spoke.
#[derive(Debug, Args)]
pub struct PersonArgs {
    #[arg(long, value_name = "N", allow_hyphen_values = true, help = "Họ tên người phản ánh, giữ riêng ngoài đơn")]
    pub name: Option<String>,
    #[arg(long, value_name = "P", allow_hyphen_values = true, help = "Số điện thoại người phản ánh")]
    pub phone: Option<String>,
    #[arg(long, value_name = "A", allow_hyphen_values = true, help = "Địa chỉ để mang kết quả đến")]
    pub address: Option<String>,
    #[arg(long, value_name = "C", value_parser = word::consents, help = "Người dân đồng ý điều gì: contact (được liên hệ lại), share (cho cơ quan giải quyết biết mình là ai), cả hai cách nhau dấu phẩy, hoặc none (không đồng ý)")]
    pub consent: Option<Consents>,
}

/// `petition identify`.
#[derive(Debug, Args)]
pub struct IdentifyArgs {
    #[arg(value_name = "ID", help = "Mã ngắn hoặc UUID của đơn")]
    pub id: String,
    #[command(flatten)]
    pub person: PersonArgs,
}

/// `petition summary`.
#[derive(Debug, Args)]
pub struct SummaryArgs {
    #[arg(value_name = "ID", help = "Mã ngắn hoặc UUID của đơn kín")]
    pub id: String,
    #[arg(
        long,
        value_name = "T",
        allow_hyphen_values = true,
        help = "Điều cơ quan cần biết, không có gì lộ người nói; - để đọc đầu vào chuẩn"
    )]
    pub text: String,
    #[arg(long, value_name = "TIME", help = "Lúc viết (mặc định: bây giờ)")]
    pub at: Option<String>,
}

/// `petition identity`.
#[derive(Debug, Args)]
pub struct IdentityArgs {
    #[arg(value_name = "ID", help = "Mã ngắn hoặc UUID của đơn")]
    pub id: String,
    #[arg(long, value_name = "P", value_parser = word::purpose, help = PURPOSES)]
    pub purpose: Purpose,
    #[arg(long, value_name = "T", allow_hyphen_values = true, help = "Ghi chú kèm mục đích, như số văn bản")]
    pub note: Option<String>,
}

/// `petition data`.
#[derive(Debug, Args)]
pub struct DataArgs {
    #[arg(value_name = "ID", required = true, help = "Mã ngắn hoặc UUID các đơn của cùng một người")]
    pub ids: Vec<String>,
    #[arg(long, value_name = "FILE", help = "Tệp để ghi; chỉ chủ tệp đọc được")]
    pub out: PathBuf,
    #[arg(long, value_name = "FORMAT", value_parser = ["html", "json"], hide_possible_values = true, help = "html (trang để in, trao tay) hoặc json (mặc định: theo đuôi tệp, không rõ thì html)")]
    pub format: Option<String>,
    #[arg(
        long,
        value_name = "AUDIT.json",
        help = "Nhật ký xem danh tính, từ langnghe-server audit list --record ID --json; ghi được nhiều lần"
    )]
    pub readings: Vec<PathBuf>,
}

/// Which petitions are meant.
#[derive(Debug, Args)]
pub struct FilterArgs {
    #[arg(long, value_name = "S", value_parser = word::status, help = "Trạng thái: logged, received, classified, referred, accepted, returned, paused, resolved, answered, closed, guided, filed, duplicate, withdrawn")]
    pub status: Option<Status>,
    #[arg(long, value_name = "U", help = "Mã đơn vị, kể cả các ấp và đơn vị cũ của nó")]
    pub unit: Option<String>,
    #[arg(long, value_name = "B", help = "Mã cơ quan đang giữ đơn")]
    pub body: Option<String>,
    #[arg(long, value_name = "C", help = "Mã lĩnh vực, kể cả lĩnh vực con")]
    pub category: Option<String>,
    #[arg(long, help = "Chỉ các đơn quá hạn")]
    pub overdue: bool,
    #[arg(long, help = "Chỉ các đơn chuyển trùng nhau, chờ quyết định")]
    pub contested: bool,
    #[arg(long, help = "Chỉ các đơn kín")]
    pub sealed: bool,
    #[arg(
        long,
        value_name = "Q",
        allow_hyphen_values = true,
        help = "Mọi từ phải có; không phân biệt hoa thường, dấu"
    )]
    pub search: Option<String>,
}

impl FilterArgs {
    /// As the desk reads it.
    pub fn form(&self) -> FilterForm {
        let Self { status, unit, body, category, overdue, contested, sealed, search } = self;
        FilterForm {
            status: *status,
            unit: unit.clone(),
            body: body.clone(),
            category: category.clone(),
            overdue: *overdue,
            contested: *contested,
            sealed: *sealed,
            search: search.clone(),
        }
    }
}

/// `petition list`.
#[derive(Debug, Args)]
pub struct ListArgs {
    #[command(flatten)]
    pub filter: FilterArgs,
    #[arg(long, value_name = "N", default_value_t = 50, hide_default_value = true, value_parser = word::count, help = "Nhiều nhất bao nhiêu đơn (mặc định: 50)")]
    pub limit: u32,
    #[arg(long, value_name = "N", default_value_t = 0, hide_default_value = true, value_parser = word::count, help = "Bỏ qua bao nhiêu đơn")]
    pub offset: u32,
}

/// `petition show`.
#[derive(Debug, Args)]
pub struct ShowArgs {
    #[arg(value_name = "ID", help = "Mã ngắn hoặc UUID của đơn")]
    pub id: String,
    #[arg(long, value_name = "FILE", help = "Ghi thêm cả hồ sơ ra tệp Automerge")]
    pub automerge: Option<PathBuf>,
    #[arg(long, value_name = "P", value_parser = word::purpose, default_value = "handle", hide_default_value = true, help = "Xem cả danh tính, nếu máy này giữ và được xem, để làm gì (mặc định: handle; xem petition identity)")]
    pub purpose: Purpose,
}

/// `petition split`: the part that goes its own way.
#[derive(Debug, Args)]
pub struct SplitArgs {
    #[arg(value_name = "ID", help = "Mã ngắn hoặc UUID của đơn gốc")]
    pub id: String,
    #[arg(
        long,
        value_name = "T",
        allow_hyphen_values = true,
        help = "Nội dung phần được tách; - để đọc đầu vào chuẩn"
    )]
    pub text: String,
    #[arg(long, value_name = "KIND", value_parser = word::kind, help = PART_KINDS)]
    pub kind: Option<Kind>,
    #[arg(long, value_name = "C", help = "Mã lĩnh vực của phần được tách (mặc định: như đơn gốc)")]
    pub category: Option<String>,
    #[arg(long, value_name = "TIME", help = "Lúc tách (mặc định: bây giờ)")]
    pub at: Option<String>,
}
