//! The report's own words, as offices here say them.

use sync::model::petition::{Channel, Kind};

use super::query::By;

pub(super) const NO_UNIT: &str = "(không rõ địa bàn)";
pub(super) const NO_BODY: &str = "(chưa chuyển cơ quan nào)";
pub(super) const CONTESTED: &str = "(đang được chuyển cho nhiều cơ quan)";
pub(super) const NO_CATEGORY: &str = "(chưa phân loại)";

pub(super) fn channel(channel: Channel) -> &'static str {
    match channel {
        Channel::Dialogue => "Đối thoại",
        Channel::Reception => "Tiếp công dân",
        Channel::Visit => "Thăm, tiếp xúc hộ dân",
        Channel::VoterContact => "Tiếp xúc cử tri",
        Channel::CellMeeting => "Sinh hoạt chi bộ",
        Channel::Letter => "Đơn, thư, hòm thư góp ý",
        Channel::Hotline => "Đường dây nóng",
    }
}

pub(super) fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Feedback => "Phản ánh",
        Kind::Proposal => "Kiến nghị",
        Kind::Complaint => "Khiếu nại",
        Kind::Denunciation => "Tố cáo",
        Kind::Mixed => "Nhiều nội dung",
    }
}

pub(super) fn section(by: By) -> &'static str {
    match by {
        By::Unit => "Theo địa bàn",
        By::Body => "Theo cơ quan giải quyết",
        By::Category => "Theo lĩnh vực",
        By::Channel => "Theo hình thức tiếp nhận",
        By::Kind => "Theo loại",
    }
}
