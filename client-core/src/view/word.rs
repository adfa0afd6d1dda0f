//! The words people read for statuses, kinds, channels and events.

use sync::identity::{Consent, Purpose};
use sync::model::directory::{ClockStart, EntityKind, Form04, Role, UnitKind};
use sync::model::petition::{ActionKind, AnswerMeans, Channel, Effect, Field, Kind, NoEffect, Outcome, Status};

use super::sending::Sending;

/// A status.
pub fn status(status: Status) -> &'static str {
    match status {
        Status::Logged => "Mới ghi nhận",
        Status::Received => "Đã tiếp nhận",
        Status::Classified => "Đã phân loại",
        Status::Referred => "Đã chuyển",
        Status::Accepted => "Đã thụ lý",
        Status::Returned => "Chuyển trả",
        Status::Paused => "Tạm đình chỉ",
        Status::Resolved => "Đã giải quyết",
        Status::Answered => "Đã thông báo kết quả",
        Status::Closed => "Đã kết thúc",
        Status::Guided => "Đã hướng dẫn",
        Status::Filed => "Lưu đơn",
        Status::Duplicate => "Trùng đơn khác",
        Status::Withdrawn => "Đã rút đơn",
    }
}

/// A legal kind.
pub fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Feedback => "Phản ánh",
        Kind::Proposal => "Kiến nghị",
        Kind::Complaint => "Khiếu nại",
        Kind::Denunciation => "Tố cáo",
        Kind::Mixed => "Nhiều loại",
    }
}

/// A channel, or the kind of a session.
pub fn channel(channel: Channel) -> &'static str {
    match channel {
        Channel::Dialogue => "Đối thoại",
        Channel::Reception => "Tiếp công dân",
        Channel::Visit => "Thăm, tiếp xúc hộ dân",
        Channel::VoterContact => "Tiếp xúc cử tri",
        Channel::CellMeeting => "Sinh hoạt chi bộ",
        Channel::Letter => "Đơn, thư góp ý",
        Channel::Hotline => "Đường dây nóng",
    }
}

/// What happened.
pub fn action(kind: ActionKind) -> &'static str {
    match kind {
        ActionKind::Receive => "Tiếp nhận",
        ActionKind::Classify => "Phân loại",
        ActionKind::Refer => "Chuyển",
        ActionKind::Accept => "Thụ lý",
        ActionKind::Return => "Chuyển trả (không thuộc thẩm quyền)",
        ActionKind::Transfer => "Chuyển tiếp",
        ActionKind::Extend => "Gia hạn",
        ActionKind::Pause => "Tạm đình chỉ",
        ActionKind::Resume => "Tiếp tục",
        ActionKind::Chase => "Đôn đốc",
        ActionKind::Resolve => "Giải quyết",
        ActionKind::Answer => "Thông báo kết quả cho người dân",
        ActionKind::Rate => "Đánh giá của người dân",
        ActionKind::Close => "Kết thúc",
        ActionKind::Reopen => "Mở lại",
        ActionKind::Duplicate => "Trùng với đơn khác",
        ActionKind::NotDuplicate => "Không trùng",
        ActionKind::Guide => "Hướng dẫn",
        ActionKind::File => "Lưu đơn",
        ActionKind::Withdraw => "Rút đơn",
        ActionKind::Comment => "Ý kiến",
        ActionKind::Correct => "Đính chính",
        ActionKind::Split => "Tách đơn",
    }
}

/// How a resolution ended.
pub fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Settled => "Đã giải quyết",
        Outcome::Explained => "Đã giải thích",
        Outcome::Refused => "Không chấp nhận",
    }
}

/// How the person was told.
pub fn means(means: AnswerMeans) -> &'static str {
    match means {
        AnswerMeans::InPerson => "Trực tiếp",
        AnswerMeans::Phone => "Điện thoại",
        AnswerMeans::Letter => "Văn bản",
        AnswerMeans::Online => "Trực tuyến",
    }
}

/// What the person thinks of it.
pub fn satisfaction(satisfied: bool) -> &'static str {
    if satisfied { "Hài lòng" } else { "Chưa hài lòng" }
}

/// A fact that can be corrected.
pub fn field(field: Field) -> &'static str {
    match field {
        Field::Unit => "đơn vị",
        Field::Hamlet => "ấp, khu phố",
        Field::Category => "lĩnh vực",
        Field::Kind => "loại đơn",
        Field::Channel => "kênh",
        Field::Text => "nội dung",
        Field::Place => "nơi xảy ra",
        Field::Urgent => "cần gấp",
        Field::Collective => "số người",
    }
}

/// A fact of a record, or what an event says, by the name it has there.
pub fn part(name: &str) -> Option<&'static str> {
    if let Some(known) = Field::parse(name) {
        return Some(field(known));
    }
    Some(match name {
        "at" | "stamped" => "thời điểm",
        "by" => "vị trí ghi",
        "chair" => "người chủ trì",
        "erased" => "việc xoá nội dung",
        "events" => "các việc",
        "sealed" => "nơi được giao giữ kín",
        "key" => "số hiệu trong sổ cũ",
        "minutes" => "biên bản",
        "note" => "ghi chú",
        "paper" => "số văn bản",
        "purpose" => "mục đích xem",
        "petitioner" => "người phản ánh",
        "present" => "số người dự",
        "reason" => "lý do",
        "revisions" => "các lần sửa",
        "session" => "buổi",
        "source" => "tên sổ cũ",
        "split_from" => "đơn gốc",
        "title" => "tên buổi",
        "until" => "ngày gia hạn",
        "why" => "lý do đính chính",
        _ => return None,
    })
}

/// A record, by the word of its kind.
pub fn record(kind: &str) -> Option<&'static str> {
    Some(match kind {
        "directory" => "danh mục",
        "session" => "buổi",
        "petition" => "đơn",
        _ => return None,
    })
}

/// What a person has agreed to.
pub fn consents(given: &[Consent]) -> String {
    if given.is_empty() {
        return "không đồng ý cho liên hệ hay chuyển danh tính".to_owned();
    }
    let one = |consent: &Consent| match consent {
        Consent::Contact => "được liên hệ lại",
        Consent::Share => "cho cơ quan giải quyết biết mình là ai",
    };
    given.iter().map(one).collect::<Vec<_>>().join("; ")
}

/// What an identity is read for.
pub fn purpose(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::Handle => "Xử lý đơn",
        Purpose::Answer => "Báo kết quả cho người phản ánh",
        Purpose::Clarify => "Hỏi lại cho rõ",
        Purpose::Verify => "Xác minh",
        Purpose::Correct => "Sửa danh tính đã ghi",
        Purpose::OwnRequest => "Người phản ánh yêu cầu được biết",
        Purpose::Authority => "Cơ quan có thẩm quyền yêu cầu theo pháp luật",
        Purpose::Export => "Xuất ra danh sách",
    }
}

/// What a post may do.
pub fn role(role: Role) -> &'static str {
    match role {
        Role::Officer => "Cán bộ xã, ấp",
        Role::FrontStaff => "Đầu mối tiếp nhận của Mặt trận",
        Role::Handler => "Người xử lý của cơ quan",
        Role::Leader => "Lãnh đạo, Ban Thường vụ",
        Role::DirectoryAdmin => "Quản trị danh mục",
        Role::IdentityReader => "Người được xem danh tính",
        Role::SealedHandler => "Người xử lý đơn giữ kín",
        Role::Importer => "Người nhập sổ cũ",
    }
}

/// An entry of the directory.
pub fn entry(kind: EntityKind) -> &'static str {
    match kind {
        EntityKind::Setting => "thiết lập chung",
        EntityKind::Calendar => "lịch",
        EntityKind::Office => "Ủy ban MTTQ",
        EntityKind::Unit => "đơn vị",
        EntityKind::Body => "cơ quan",
        EntityKind::Category => "lĩnh vực",
        EntityKind::Routing => "gợi ý chuyển đơn",
        EntityKind::Post => "vị trí",
        EntityKind::User => "người dùng",
        EntityKind::Holding => "thời gian giữ vị trí",
        EntityKind::Policy => "quy định thời hạn",
    }
}

/// What a unit is.
pub fn unit_kind(kind: UnitKind) -> &'static str {
    match kind {
        UnitKind::Province => "Tỉnh, thành phố",
        UnitKind::Commune => "Xã, phường, đặc khu",
        UnitKind::Hamlet => "Ấp, khu phố",
    }
}

/// A field of form 04/XLD.
pub fn form04(field: Form04) -> &'static str {
    match field {
        Form04::Policy => "Chế độ, chính sách",
        Form04::Land => "Đất đai",
        Form04::Justice => "Tư pháp",
        Form04::Other => "Khác",
    }
}

/// Where a deadline's clock starts.
pub fn clock_start(start: ClockStart) -> &'static str {
    match start {
        ClockStart::Logging => "Từ lúc ghi nhận",
        ClockStart::Referral => "Từ lúc chuyển",
        ClockStart::Acceptance => "Từ lúc thụ lý",
    }
}

/// Why an event had no effect; nothing when it had.
pub fn effect(effect: &Effect) -> Option<String> {
    let Effect::None(why) = effect else { return None };
    Some(match why {
        NoEffect::Status(s) => format!("không có hiệu lực: lúc ấy đơn ở trạng thái “{}”", status(*s)),
        NoEffect::Contested => "không có hiệu lực: đơn đang được chuyển đến hai nơi, chờ quyết định".to_owned(),
        NoEffect::NotHolding => "không có hiệu lực: cơ quan không còn giữ đơn".to_owned(),
        NoEffect::AlreadyDone => "không có hiệu lực: đã làm trước đó".to_owned(),
        NoEffect::BadValue => "không có hiệu lực: giá trị không đọc được".to_owned(),
    })
}

/// How far the words have come.
pub fn sending(sending: Sending) -> &'static str {
    match sending {
        Sending::Received => "máy chủ đã nhận",
        Sending::Pending => "chưa gửi",
        Sending::Refused => "chưa gửi được – cần sửa",
    }
}
