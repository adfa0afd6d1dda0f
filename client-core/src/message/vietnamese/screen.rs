//! The same lines for those who touch a screen: what they name for those who type commands falls away, or is said in words.

/// What is typed, and what is said in its place. What is longer comes first.
const TYPED: &[(&str, &str)] = &[
    ("hãy dùng petition log --answered", "hãy ghi câu trả lời ngay khi ghi nhận đơn"),
    (" bằng petition log --sealed", ""),
    (": petition log --sealed", ""),
    (": petition summary MÃ --text …", ""),
    (": langnghe sealed recover", ""),
    (": --on-behalf-of BODY --paper NO", ""),
    (" bằng --as", ""),
    ("sửa --at", "sửa thời điểm"),
    ("thêm --note SỐ", "thêm số ấy vào ghi chú"),
    (" như ở session show", ""),
    ("hãy lấy ở session list", "hãy chọn trong danh sách buổi"),
    ("hãy xem refused list", "hãy xem danh sách việc chưa gửi được"),
    ("hãy xem langnghe device list", "hãy xem danh sách thiết bị"),
    ("hãy chạy langnghe --home … enroll URL MÃ", "hãy ghi danh máy này"),
    ("rồi chạy langnghe enroll", "rồi ghi danh lại"),
    ("hãy đặt LANGNGHE_PIN, hoặc chạy lệnh ở cửa sổ dòng lệnh để gõ mã", "hãy nhập mã PIN"),
    (" --home", ""),
];

/// What a bracket begins with that names a command.
const COMMANDS: [&str; 5] = ["langnghe ", "petition ", "session ", "refused ", "bundle "];

/// A line without commands.
pub fn on_screen(line: &str) -> String {
    let mut line = line.to_owned();
    for (typed, said) in TYPED {
        line = line.replace(typed, said);
    }
    for command in COMMANDS {
        let opening = format!(" ({command}");
        while let Some(start) = line.find(&opening) {
            let Some(length) = line[start..].find(')') else { break };
            line.replace_range(start..=start + length, "");
        }
    }
    line
}

#[cfg(test)]
mod tests {
    use sync::model::petition::{ActionKind, Status};
    use sync::reason::ReasonKey;
    use sync::wire::RefusalCode;

    use super::super::{first_step, problem, reason, refusal};
    use super::on_screen;

    #[test]
    fn no_line_on_a_screen_names_a_command() {
        let mut lines: Vec<String> = ReasonKey::ALL.iter().map(|key| reason(*key).to_owned()).collect();
        lines.extend(RefusalCode::ALL.iter().map(|code| refusal(*code).to_owned()));
        let steps = ActionKind::ALL.iter().flat_map(|action| Status::ALL.iter().map(move |s| first_step(*action, *s)));
        lines.extend(steps.map(ToString::to_string));
        lines.extend(["not-approved", "no-device", "revoked"].map(|kind| problem(kind).to_owned()));
        for line in lines {
            let shown = on_screen(&line);
            for typed in ["--", "langnghe", "LANGNGHE", "petition", "session ", "refused ", "bundle "] {
                assert!(!shown.contains(typed), "{shown}");
            }
            assert!(!shown.ends_with([' ', ':', ';']), "{shown}");
        }
    }

    #[test]
    fn what_people_typed_stays() {
        assert_eq!(
            on_screen("không có đơn mã X (y) trên máy này; hãy đồng bộ (langnghe sync) rồi thử lại"),
            "không có đơn mã X (y) trên máy này; hãy đồng bộ rồi thử lại"
        );
    }
}
