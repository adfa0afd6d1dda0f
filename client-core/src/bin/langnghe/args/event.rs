//! `langnghe petition receive | classify | refer …`: one command for each kind of event.

use clap::{Args, Subcommand};
use jiff::civil::Date;
use sync::model::petition::{AnswerMeans, Field, Kind, Outcome};

use super::word;

/// What every event has: which petition, and when.
#[derive(Debug, Clone, Args)]
pub struct EventArgs {
    #[arg(value_name = "ID", help = "Mã ngắn hoặc UUID của đơn")]
    pub id: String,
    #[arg(long, value_name = "TIME", help = "Lúc việc ấy xảy ra (mặc định: bây giờ)")]
    pub at: Option<String>,
}

/// Typed for a body, as its paper says.
#[derive(Debug, Clone, Args)]
pub struct ActArgs {
    #[arg(long, value_name = "BODY", requires = "paper", help = "Ghi thay cơ quan này, theo văn bản của họ")]
    pub on_behalf_of: Option<String>,
    #[arg(long, value_name = "NO", help = "Số văn bản")]
    pub paper: Option<String>,
}

/// The events.
#[derive(Debug, Subcommand)]
pub enum EventCommand {
    #[command(about = "Tiếp nhận")]
    Receive {
        #[command(flatten)]
        event: EventArgs,
    },
    #[command(about = "Phân loại: loại đơn, lĩnh vực")]
    Classify {
        #[command(flatten)]
        event: EventArgs,
        #[arg(long, value_name = "K", value_parser = word::kind, required_unless_present = "category", help = "feedback (phản ánh), proposal (kiến nghị), complaint (khiếu nại), mixed (nhiều loại)")]
        kind: Option<Kind>,
        #[arg(long, value_name = "C", help = "Mã lĩnh vực")]
        category: Option<String>,
    },
    #[command(about = "Chuyển đến cơ quan có thẩm quyền")]
    Refer {
        #[command(flatten)]
        event: EventArgs,
        #[arg(long, value_name = "BODY", help = "Mã cơ quan chủ trì")]
        to: String,
        #[arg(long, value_name = "BODY", num_args = 1.., help = "Mã cơ quan phối hợp")]
        with: Vec<String>,
        #[arg(long, value_name = "DATE", value_parser = word::date, help = "Hạn giải quyết, thay cho hạn theo quy định")]
        due: Option<Date>,
        #[arg(long, value_name = "T", allow_hyphen_values = true, help = "Lời nhắn cho cơ quan")]
        note: Option<String>,
        #[arg(long, value_name = "NO", help = "Số phiếu chuyển")]
        paper: Option<String>,
    },
    #[command(about = "Thụ lý")]
    Accept {
        #[command(flatten)]
        event: EventArgs,
        #[command(flatten)]
        act: ActArgs,
    },
    #[command(about = "Chuyển trả: không thuộc thẩm quyền")]
    Return {
        #[command(flatten)]
        event: EventArgs,
        #[arg(long, value_name = "T", allow_hyphen_values = true, help = "Lý do")]
        reason: String,
        #[command(flatten)]
        act: ActArgs,
    },
    #[command(about = "Cơ quan đang giữ chuyển tiếp cho cơ quan khác")]
    Transfer {
        #[command(flatten)]
        event: EventArgs,
        #[arg(long, value_name = "BODY", help = "Mã cơ quan nhận")]
        to: String,
        #[arg(long, value_name = "T", allow_hyphen_values = true, help = "Lý do")]
        reason: String,
    },
    #[command(about = "Gia hạn")]
    Extend {
        #[command(flatten)]
        event: EventArgs,
        #[arg(long, value_name = "DATE", value_parser = word::date, help = "Hạn mới")]
        until: Date,
        #[arg(long, value_name = "T", allow_hyphen_values = true, help = "Lý do")]
        reason: String,
        #[command(flatten)]
        act: ActArgs,
    },
    #[command(about = "Tạm đình chỉ: thời hạn ngừng tính")]
    Pause {
        #[command(flatten)]
        event: EventArgs,
        #[arg(long, value_name = "T", allow_hyphen_values = true, help = "Lý do")]
        reason: String,
    },
    #[command(about = "Tiếp tục sau khi tạm đình chỉ")]
    Resume {
        #[command(flatten)]
        event: EventArgs,
    },
    #[command(about = "Đôn đốc")]
    Chase {
        #[command(flatten)]
        event: EventArgs,
        #[arg(long, value_name = "T", allow_hyphen_values = true, help = "Nội dung; - để đọc đầu vào chuẩn")]
        text: String,
    },
    #[command(about = "Ghi kết quả giải quyết")]
    Resolve {
        #[command(flatten)]
        event: EventArgs,
        #[arg(long, value_name = "O", value_parser = word::outcome, help = "settled (đã giải quyết), explained (đã giải thích), refused (không chấp nhận)")]
        outcome: Outcome,
        #[arg(long, value_name = "T", allow_hyphen_values = true, help = "Kết quả; - để đọc đầu vào chuẩn")]
        text: String,
        #[command(flatten)]
        act: ActArgs,
    },
    #[command(about = "Thông báo kết quả cho người dân")]
    Answer {
        #[command(flatten)]
        event: EventArgs,
        #[arg(long, value_name = "M", value_parser = word::means, help = "in-person (trực tiếp), phone (điện thoại), letter (văn bản), online (trực tuyến)")]
        by: AnswerMeans,
        #[arg(long, value_name = "T", allow_hyphen_values = true, help = "Đã nói gì; - để đọc đầu vào chuẩn")]
        text: Option<String>,
    },
    #[command(about = "Người dân có hài lòng không")]
    Rate {
        #[command(flatten)]
        event: EventArgs,
        #[arg(long, value_name = "yes|no", value_parser = word::yes_no, action = clap::ArgAction::Set, help = "yes (hài lòng) hoặc no (chưa hài lòng)")]
        satisfied: bool,
        #[arg(long, value_name = "T", allow_hyphen_values = true, help = "Lời người dân; - để đọc đầu vào chuẩn")]
        text: Option<String>,
    },
    #[command(about = "Kết thúc")]
    Close {
        #[command(flatten)]
        event: EventArgs,
    },
    #[command(about = "Mở lại")]
    Reopen {
        #[command(flatten)]
        event: EventArgs,
        #[arg(long, value_name = "T", allow_hyphen_values = true, help = "Lý do")]
        reason: String,
    },
    #[command(about = "Trùng với đơn khác; đơn kia được tính")]
    Duplicate {
        #[command(flatten)]
        event: EventArgs,
        #[arg(long, value_name = "ID", help = "Đơn được tính")]
        of: String,
    },
    #[command(name = "not-duplicate", about = "Không trùng: lấy lại thành đơn riêng")]
    NotDuplicate {
        #[command(flatten)]
        event: EventArgs,
        #[arg(long, value_name = "ID", help = "Đơn từng cho là trùng")]
        of: String,
    },
    #[command(about = "Hướng dẫn đến đúng nơi")]
    Guide {
        #[command(flatten)]
        event: EventArgs,
        #[arg(long, value_name = "T", allow_hyphen_values = true, help = "Đã hướng dẫn gì; - để đọc đầu vào chuẩn")]
        text: String,
    },
    #[command(about = "Lưu đơn, không giải quyết")]
    File {
        #[command(flatten)]
        event: EventArgs,
        #[arg(long, value_name = "T", allow_hyphen_values = true, help = "Lý do")]
        reason: String,
    },
    #[command(about = "Người dân rút đơn")]
    Withdraw {
        #[command(flatten)]
        event: EventArgs,
        #[arg(long, value_name = "T", allow_hyphen_values = true, help = "Lý do")]
        reason: String,
    },
    #[command(about = "Ghi ý kiến; mọi nơi đang giữ đơn đều đọc được")]
    Comment {
        #[command(flatten)]
        event: EventArgs,
        #[arg(long, value_name = "T", allow_hyphen_values = true, help = "Ý kiến; - để đọc đầu vào chuẩn")]
        text: String,
    },
    #[command(about = "Đính chính một mục")]
    Correct {
        #[command(flatten)]
        event: EventArgs,
        #[arg(long, value_name = "F", value_parser = word::field, help = "unit, hamlet, category, kind, channel, text, place, urgent, collective")]
        field: Field,
        #[arg(
            long,
            value_name = "V",
            allow_hyphen_values = true,
            help = "Giá trị đúng; mã nếu là đơn vị, lĩnh vực; để trống để bỏ"
        )]
        to: String,
        #[arg(long, value_name = "T", allow_hyphen_values = true, help = "Vì sao")]
        why: String,
    },
}
