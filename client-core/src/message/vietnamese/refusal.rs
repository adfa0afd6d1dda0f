//! What a code of refusal means, where nothing more is known.

use sync::wire::RefusalCode;

/// A code's line.
pub fn refusal(code: RefusalCode) -> &'static str {
    match code {
        RefusalCode::BadSignature => "chữ ký không đúng của máy này; hãy ghi danh lại máy",
        RefusalCode::BadChange => "thay đổi không đọc được; hãy cập nhật chương trình rồi làm lại việc này",
        RefusalCode::TooLarge => "nội dung quá dài; hãy rút ngắn hoặc chia nhỏ",
        RefusalCode::ActorReused => "máy này được khôi phục từ bản sao cũ; hãy đồng bộ lại (langnghe sync)",
        RefusalCode::NotAllowed => {
            "vị trí này, hoặc trạng thái hiện tại của đơn, không cho làm việc này; hãy xem lại đơn hoặc nhờ người có quyền"
        }
        RefusalCode::UnknownCode => "mã không có trong danh mục; hãy đồng bộ hoặc kiểm tra lại mã",
        RefusalCode::BadValue => "có giá trị không dùng được; hãy xem lại và ghi lại",
        RefusalCode::Clock => "thời điểm ghi ở tương lai; hãy chỉnh đồng hồ của máy hoặc sửa --at",
        RefusalCode::Immutable => "điều đã ghi thì không ghi đè được; muốn sửa thì đính chính (petition correct)",
        RefusalCode::Ancestor => "việc này nối tiếp một việc chưa gửi được; hãy sửa việc ấy trước",
        RefusalCode::NoRecord => "hồ sơ không còn thuộc phạm vi của tài khoản này; hãy nhờ người phụ trách",
        RefusalCode::Upgrade => "cần máy chủ hoặc chương trình mới hơn; hãy cập nhật rồi gửi lại",
        RefusalCode::BadDirectory => "danh mục sẽ mâu thuẫn; hãy sửa tệp danh mục rồi áp dụng lại",
    }
}

/// A line with its code at the end: it is what one reads out over the telephone.
pub fn with_code(line: &str, code: RefusalCode) -> String {
    format!("{line} [mã: {code}]")
}

/// A code with what an older program kept of the reason, as it is.
pub fn with_text(code: RefusalCode, text: &str) -> String {
    format!("{} [mã: {code}; {text}]", refusal(code))
}
