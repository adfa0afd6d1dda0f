//! Petitions of 15 facts, 1 KB of Vietnamese and six events, the same for the same seed.
//!
//! The words are drawn at random from a list, so the text has about 7 bits a syllable and none of the repetition of real
//! prose: real petitions compress better than these.

use rand::rngs::StdRng;
use rand::{Rng, RngExt, SeedableRng};

/// Syllables of everyday Vietnamese.
const WORDS: &str = "đường ấp xã nước mưa ngập đèn cầu cống chợ trường lớp học thầy cô trẻ em bà con nhà cửa đất ruộng lúa vườn kênh mương \
rác thải mùi hôi khói bụi tiếng ồn xe tải máy cày sổ đỏ giấy tờ hồ sơ thủ tục chậm trễ cán bộ tiếp dân trả lời giải quyết kiến nghị phản ánh \
đề nghị sớm sửa chữa nâng cấp mở rộng bê tông nhựa hư hỏng sạt lở bờ sông điện yếu chập chờn hóa đơn tiền phí thu chi hỗ trợ nghèo cận bảo hiểm \
y tế thuốc bác sĩ trạm khám bệnh dịch sốt muỗi heo gà vịt tôm cá giá phân bón vay vốn ngân hàng việc làm công ty thanh niên phụ nữ người già \
neo đơn tàn tật trợ cấp chính sách liệt sĩ thương binh khu phố tổ hòa giải tranh chấp ranh giới lấn chiếm vỉa hè buôn bán an ninh trật tự trộm \
cắp đánh bạc karaoke mạng internet sóng thoại loa phát thanh bầu cử họp dân dân chủ công khai minh bạch quỹ đóng góp xây dựng nông thôn mới môi";

/// A source of chance that gives the same corpus every time.
pub fn seeded(seed: u64) -> StdRng {
    StdRng::seed_from_u64(seed)
}

/// About so many bytes of text.
pub fn text(rng: &mut impl Rng, bytes: usize) -> String {
    let words: Vec<&str> = WORDS.split_whitespace().collect();
    let mut text = String::with_capacity(bytes + 16);
    let mut left_in_sentence = 0;
    while text.len() < bytes {
        let word = words[rng.random_range(0..words.len())];
        if left_in_sentence == 0 {
            if !text.is_empty() {
                text.push_str(". ");
            }
            left_in_sentence = rng.random_range(8..20);
        } else {
            text.push(' ');
        }
        left_in_sentence -= 1;
        text.push_str(word);
    }
    text
}
