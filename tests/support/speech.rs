//! Words without end, for petitions of which no two are alike.

use rand::{Rng, RngExt};

/// Syllables as people use them, so that what is made of them is compressed like what people say.
const SYLLABLES: &str = "đường ấp xã kênh cầu ván hẻm mưa nước ngập đèn trường chợ trạm y tế ruộng vườn lúa giống phân \
    thuốc điện trụ dây cống rác bờ sạt lở nhà dân bà con ông cô chú em học sinh người già nghèo hộ cận khó khăn đề nghị \
    kiến phản ánh xem xét sửa chữa nâng cấp mở rộng hỗ trợ vay vốn lãi suất đất đai tranh chấp ranh thửa sổ đỏ hồ sơ \
    chậm trễ giải quyết trả lời tháng năm ngày tuần trước nay đã chưa không còn bị do vì nên phải được cho đến từ tại \
    trên dưới trong ngoài gần xa sớm muộn nhiều ít lớn nhỏ cao thấp sâu cạn mùa khô hạn mặn tôm cá heo gà vịt bệnh dịch \
    tiếng ồn khói bụi nhà máy lò gạch xe tải quá hẹp trơn trượt tai nạn đêm tối công an trật tự mất trộm đá gà cờ bạc \
    thanh niên việc làm xuất cư bảo hiểm chế độ chính sách thương binh liệt sĩ mẹ anh hùng trợ cấp tiền quà tết sạch \
    giếng khoan ống bể van đồng hồ giá thu phí chuyển tiếp hợp tác máy cày gặt sấy kho bãi đò phà bến neo đậu ghe xuồng";

/// What somebody says: syllables in any order, a number here and there, until it has so many bytes.
pub fn speech(chance: &mut impl Rng, bytes: usize) -> String {
    let syllables: Vec<&str> = SYLLABLES.split_whitespace().collect();
    let mut said = String::with_capacity(bytes + 16);
    while said.len() < bytes {
        if !said.is_empty() {
            said.push(' ');
        }
        if chance.random_ratio(1, 12) {
            said.push_str(&chance.random_range(2..5_000).to_string());
        } else {
            said.push_str(syllables[chance.random_range(0..syllables.len())]);
        }
    }
    said
}
