//! Why the server did not take a request as a whole.

/// The same of a bundle that is carried for another device: what is said is said of that one.
pub fn carried_problem(kind: &str) -> &'static str {
    match kind {
        "revoked" => {
            "máy lập gói đã bị thu hồi; việc trong gói đã được máy chủ giữ riêng cho người có trách nhiệm xem, không cần mang lại"
        }
        "not-approved" => "máy lập gói đang chờ người thứ hai duyệt; hãy mang lại gói sau khi máy ấy được duyệt",
        "unknown-device" | "bad-signature" => "máy chủ không biết máy lập gói; máy ấy cần ghi danh lại",
        other => problem(other),
    }
}

/// The line for the last part of a problem's `type`.
pub fn problem(kind: &str) -> &'static str {
    match kind {
        "frame" | "coding" | "too-many" => "máy chủ không đọc được dữ liệu gửi lên; hãy cập nhật chương trình",
        "version" => "chương trình và máy chủ khác phiên bản; hãy cập nhật bên cũ hơn",
        "tenant" => "máy này ghi danh với đơn vị sử dụng khác; hãy ghi danh lại vào thư mục mới",
        "enroll" => "mã đăng ký ghi không đúng; hãy kiểm tra lại mã",
        "code-unknown" => "mã đăng ký không đúng; hãy kiểm tra lại, hoặc xin quản trị mã mới",
        "code-used" => "mã đăng ký đã dùng rồi; hãy xin quản trị mã mới",
        "code-expired" => "mã đăng ký đã hết hạn; hãy xin quản trị mã mới",
        "unsigned" | "bad-signature" => {
            "máy chủ không nhận ra chữ ký của máy này; hãy cập nhật chương trình hoặc ghi danh lại"
        }
        "unknown-device" => "máy chủ không biết máy này; hãy xin quản trị mã đăng ký mới và ghi danh lại",
        "revoked" => "máy này đã bị thu hồi; hãy xin quản trị mã đăng ký mới và ghi danh lại",
        "not-approved" => {
            "máy này đang chờ người thứ hai trong cơ quan duyệt; việc đã ghi vẫn còn trên máy, hãy nhờ quản trị hoặc Mặt trận cùng cơ quan duyệt (langnghe device approve) rồi đồng bộ lại"
        }
        "own-device" => {
            "không ai tự duyệt hay thu hồi máy của chính mình; hãy nhờ người khác hoặc người vận hành máy chủ"
        }
        "no-device" => "không có thiết bị nào mang mã này; hãy xem langnghe device list",
        "device-revoked" => "thiết bị ấy đã bị thu hồi, không duyệt lại được; hãy cấp mã mới để ghi danh lại",
        "not-revoked" => "máy này chưa bị thu hồi nên không cần giao lại việc; hãy đồng bộ lại",
        "quarantine-full" => {
            "máy chủ đã giữ quá nhiều việc của máy này; hãy báo người vận hành máy chủ xem lại rồi thử lại"
        }
        "too-many-codes" => "quá nhiều mã đăng ký sai từ địa chỉ mạng này; hãy đợi mười phút rồi xem kỹ lại mã",
        "bad-token" | "token-expired" => "phiên đọc ngắn hạn không còn dùng được; hãy thử lại",
        "stale" => "đồng hồ của máy này sai; hãy chỉnh đồng hồ rồi thử lại",
        "forbidden" => "vị trí của tài khoản này không có quyền xem điều này; hãy nhờ người có quyền",
        "report" => "không lập được báo cáo ấy; hãy kiểm tra tháng và cách xem",
        "not-found" => "máy chủ không có địa chỉ này; hãy kiểm tra địa chỉ máy chủ hoặc cập nhật chương trình",
        "bundle" => {
            "gói không đọc được, không phải gói cho máy chủ này, hoặc đồng hồ máy lập gói chạy nhanh; hãy xem lại rồi lập gói mới"
        }
        "storage" => {
            "máy chủ hết chỗ ghi, chỉ còn đọc được; việc đã ghi vẫn còn trên máy này, hãy báo quản trị rồi gửi lại sau"
        }
        "damaged" => {
            "dữ liệu của máy chủ bị hỏng, phải khôi phục từ bản sao; việc đã ghi vẫn còn trên máy này, hãy báo quản trị"
        }
        "behind" => {
            "máy chủ vừa được khôi phục từ bản sao cũ hơn máy này; việc đã ghi vẫn còn trên máy, hãy đồng bộ lại hoặc lập gói mới"
        }
        "too-large" => "dữ liệu gửi một lần quá lớn; hãy chia nhỏ",
        "internal" => "máy chủ gặp lỗi, chưa ghi gì; hãy thử lại sau, vẫn không được thì báo quản trị",
        _ => "máy chủ báo một lý do mà chương trình chưa biết; hãy cập nhật chương trình rồi thử lại",
    }
}
