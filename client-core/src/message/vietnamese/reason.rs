//! The table of reasons: what is so, and what to do about it. What stands in braces is what the reason was given.

use sync::reason::ReasonKey as K;

/// A reason's line.
pub fn reason(key: K) -> &'static str {
    match key {
        // A change that cannot be read: nothing a person has typed is the cause.
        K::NotAChunk => "thay đổi không đúng định dạng; hãy cập nhật chương trình rồi làm lại việc này",
        K::NothingNamed => "thay đổi dựa vào một thay đổi chưa được gửi; hãy đồng bộ lại (langnghe sync)",
        K::UnreadableColumns => "thay đổi có phần không đọc được; hãy cập nhật chương trình rồi làm lại việc này",
        K::Undecodable => "thay đổi không giải mã được; hãy cập nhật chương trình rồi làm lại việc này",
        K::OtherBytes => "thay đổi không khớp với mã băm của nó; hãy cập nhật chương trình rồi làm lại việc này",
        K::MoreThanAChange => "thay đổi mang theo phần không được phép; hãy cập nhật chương trình rồi làm lại việc này",
        K::NotAChange => "dữ liệu gửi đi không phải một thay đổi; hãy cập nhật chương trình rồi làm lại việc này",
        K::NotApplicable => "thay đổi không ghép được vào hồ sơ; hãy đồng bộ (langnghe sync) rồi làm lại việc này",
        K::NoKind => "không biết hồ sơ này là đơn hay buổi; hãy cập nhật chương trình rồi làm lại việc này",
        K::FactUnreadable => "hồ sơ thiếu hoặc không đọc được mục “{field}”; hãy ghi lại mục ấy",
        K::NotWritable => "thay đổi không ghi được vào hồ sơ; hãy làm lại việc này, vẫn không được thì báo quản trị",
        K::NotLoadable => {
            "hồ sơ có thay đổi này thì không mở lại được; hãy làm lại việc này, vẫn không được thì báo quản trị"
        }
        K::OtherActor => "thay đổi không mang dấu của máy này; hãy đồng bộ (langnghe sync) rồi làm lại việc này",
        K::WrongNumbers => "thay đổi đánh số thứ tự sai; hãy cập nhật chương trình rồi làm lại việc này",
        K::StandsOnNothing => "thay đổi không nối vào hồ sơ nào; hãy cập nhật chương trình rồi làm lại việc này",
        K::NotItsGround => "thiếu phần trước của hồ sơ trên máy này; hãy đồng bộ (langnghe sync) rồi làm lại việc này",
        K::OtherKind => "hồ sơ ấy đã có và là loại hồ sơ khác; hãy kiểm tra lại số hồ sơ",
        K::NoSuchContainer => "thay đổi ghi vào chỗ hồ sơ không có; hãy cập nhật chương trình rồi làm lại việc này",
        K::NotAFact => "thay đổi ghi vào hồ sơ điều không phải nội dung ban đầu; hãy cập nhật chương trình rồi làm lại",
        K::UnknownFact => "hồ sơ có mục mà chương trình ở đây chưa biết; hãy cập nhật chương trình và máy chủ",
        K::NotAnEventId => "việc được ghi không có số đúng; hãy cập nhật chương trình rồi làm lại việc này",
        K::NotLetters => "biên bản chỉ ghi được chữ; hãy ghi lại đoạn ấy bằng chữ",
        K::WritesNothing => "thay đổi không ghi gì vào {record}; hãy làm lại việc này",
        K::NotYetSeen => "việc này nhắc đến một việc chưa có trên máy này; hãy đồng bộ (langnghe sync) rồi làm lại",
        K::NotTheDirectory => "đây không phải danh mục của đơn vị sử dụng này; hãy ghi danh lại máy",
        K::NotFollowing => "danh mục đã thay đổi từ lúc ghi; hãy đồng bộ (langnghe sync) rồi ghi lại",
        // Whose it is, and what it stands on.
        K::NotItsSignature => "chữ ký không đúng của máy này; hãy ghi danh lại máy",
        K::WrittenInItsPlace => "máy này được khôi phục từ bản sao cũ; hãy đồng bộ lại (langnghe sync)",
        K::StandsOnRefused => "việc này nối tiếp một việc chưa gửi được; hãy sửa việc ấy trước",
        K::RecordNotTaken => "hồ sơ của việc này chưa gửi được; hãy sửa và gửi hồ sơ ấy trước",
        K::PassageNotThere => {
            "đoạn cần sửa không có trong biên bản vì chưa gửi được; hãy làm lại việc ghi đoạn ấy trước (refused retry), rồi làm lại việc này"
        }
        K::NewerEvent => "việc này do phiên bản mới hơn ghi; hãy chờ máy chủ được cập nhật rồi gửi lại",
        K::NewerEntry => "mục danh mục này do phiên bản mới hơn ghi; hãy chờ máy chủ được cập nhật rồi gửi lại",
        K::AheadOfClock => {
            "thời điểm ghi còn {minutes} nữa mới đến theo giờ máy chủ; hãy chỉnh đồng hồ của máy hoặc sửa --at"
        }
        // Written once.
        K::RecordThere => "hồ sơ này đã có rồi; không cần ghi lại",
        K::EventOnce => "việc này đã ghi rồi, không ghi đè được; muốn sửa thì ghi thêm một việc mới",
        K::RevisionOnce => "lần sửa danh mục này đã ghi rồi; không cần ghi lại",
        K::FactOnce => "“{field}” chỉ ghi một lần khi lập hồ sơ; muốn sửa thì đính chính (petition correct)",
        // Too much.
        K::ChangeTooLarge => "nội dung gửi một lần dài {bytes}, nhiều nhất được {most}; hãy rút ngắn hoặc chia nhỏ",
        K::TooManyOperations => "một lần ghi có {count} thao tác, nhiều nhất được {limit}; hãy chia nhỏ",
        K::TooManyEventsAtOnce => "một lần ghi có quá nhiều việc; hãy chia nhỏ",
        K::TooManyEvents => "hồ sơ này đã có quá nhiều việc; hãy kết thúc và lập hồ sơ mới",
        K::MinutesTooLong => "biên bản đã quá dài; hãy lập buổi khác để ghi tiếp",
        K::ParagraphTooLong => "đoạn biên bản quá dài; hãy chia thành nhiều đoạn",
        K::FieldTooLong => "“{field}” dài {bytes}, nhiều nhất được {most}; hãy rút ngắn",
        K::InputTooLong => "nội dung dài hơn {bytes}, nhiều nhất được {most}; hãy rút ngắn hoặc chia nhỏ",
        // A value that cannot be.
        K::FieldEmpty => "“{field}” để trống; hãy ghi vào",
        K::FieldMissing => "thiếu “{field}”; hãy ghi thêm",
        K::ValueUnreadable => "giá trị mới của “{field}” không dùng được; hãy xem lại cách ghi và ghi lại",
        K::Denunciation => {
            "đơn tố cáo phải giữ kín người tố cáo (Luật Tố cáo, Điều 8); hãy ghi nhận lại thành đơn kín: petition log --sealed"
        }
        K::NotUnderAPseudonym => "chỉ đơn kín mới được ghi không kèm tên máy; hãy cập nhật chương trình",
        K::SealedTells => {
            "đơn kín không ghi “{field}” ra ngoài, vì có thể làm lộ người nói; chỉ ghi khi tiếp nhận, phần giữ kín"
        }
        K::SummaryFirst => {
            "đơn kín chỉ chuyển đi kèm bản tóm tắt không lộ người nói; hãy viết tóm tắt trước: petition summary MÃ --text …"
        }
        K::SealedNotYet => {
            "máy này chưa mở được phần giữ kín của đơn; chờ một máy khác được giao đồng bộ để mở cho, hoặc dùng khoá khôi phục: langnghe sealed recover"
        }
        K::NotACommune => "đơn vị mã “{unit}” không phải xã, phường, đặc khu; hãy ghi mã xã, phường, đặc khu",
        K::NotAHamlet => "đơn vị mã “{unit}” không phải ấp, khu phố; hãy ghi mã ấp, khu phố",
        K::HamletElsewhere => {
            "ấp, khu phố mã “{hamlet}” không thuộc đơn vị mã “{unit}”; hãy bỏ ấp, khu phố ấy trước rồi đổi đơn vị"
        }
        // A code.
        K::NoSuchCode => {
            "không có {thing} mã “{code}” trong danh mục; hãy kiểm tra mã (langnghe directory show) hoặc đồng bộ"
        }
        K::Divided => "{thing} mã “{code}” đã chia tách; hãy ghi một trong các mã: {into}",
        // Not by this post, not in this state.
        K::NoRight => "vị trí “{role}” không có quyền “{what}”; hãy nhờ người giữ vị trí có quyền ấy",
        K::OnlyOnTheSpot => "cán bộ xã, ấp chỉ ghi kết quả khi trả lời ngay tại chỗ; hãy dùng petition log --answered",
        K::NotThisPlace => {
            "vị trí {post} không phụ trách nơi này; hãy nhờ người phụ trách nơi ấy, hoặc chọn vị trí khác bằng --as"
        }
        K::NameTheBody => {
            "đây là việc của cơ quan giữ đơn; muốn ghi thay thì nêu cơ quan và số văn bản: --on-behalf-of BODY --paper NO"
        }
        K::NotHolding => "cơ quan {body} không giữ đơn này; hãy xem đơn đang ở đâu (petition show)",
        K::PostNotHeld => "tài khoản này không giữ vị trí {post}; hãy chọn vị trí đang giữ bằng --as",
        K::NoPostFits => "không vị trí nào của tài khoản này làm được việc này; hãy nhờ người có quyền",
        K::NoMinutesHere => {
            "không vị trí nào của tài khoản này được ghi biên bản ở nơi này; hãy nhờ người phụ trách nơi ấy"
        }
        K::ImportedApart => "việc của sổ cũ chỉ được ghi cùng lúc với đơn của nó; hãy nhập lại từ tệp sổ",
        K::WrongStatus => "việc “{action}” không làm được khi đơn ở trạng thái “{status}”",
        K::Contested => {
            "việc “{action}” chưa làm được vì đơn đang được chuyển đến hai nơi; hãy chờ Mặt trận quyết định bằng một lần chuyển mới"
        }
        K::NoLongerHeld => {
            "việc “{action}” không làm được vì cơ quan không còn giữ đơn; hãy xem đơn đang ở đâu (petition show)"
        }
        K::AlreadySo => "biên bản đã đúng như vậy; không cần ghi lại",
        K::AlreadyDone => "việc “{action}” đã làm trước đó; không cần làm lại",
        // Who spoke.
        K::OtherIdentity => "đơn này ghi người phản ánh khác; hãy đồng bộ (langnghe sync) rồi ghi lại",
        K::VersionTaken => "số của bản danh tính này đã dùng; hãy ghi lại danh tính",
        K::NotForYou => "máy này không giữ đơn ấy nên không được xem danh tính; hãy nhờ người có quyền",
        K::KeyUnknown => "máy chủ không có khoá để mở danh tính này; hãy báo quản trị",
        K::WordsErased => "nội dung đơn này đã được xoá theo yêu cầu; không ghi lại được",
        K::PersonErased => "danh tính người này đã được xoá theo yêu cầu",
        // A directory that does not hold together.
        K::OneOf => "[[{table}]] {entry}: không đọc được “{name}”; hãy ghi một trong: {allowed}",
        K::NotADate => "[[{table}]] {entry}: không đọc được “{name}”; hãy ghi ngày như \"2025-07-01\"",
        K::NotATerm => {
            "[[{table}]] {entry}: không đọc được “{name}”; hãy ghi số ngày như \"30d\" hoặc số ngày làm việc như \"10wd\""
        }
        K::NotAZone => "không đọc được “{name}”; hãy ghi múi giờ như \"Asia/Ho_Chi_Minh\"",
        K::OutOfRange => "không đọc được “{name}”; hãy ghi một số từ {least} đến {limit}",
        K::EntryLacks => "[[{table}]] {entry}: thiếu “{name}”; hãy ghi vào",
        K::NamesNothing => {
            "[[{table}]] {entry}: nhắc đến “{code}” không có trong danh mục; hãy sửa mã hoặc thêm mục ấy"
        }
        K::Circle => "[[{table}]]: “{name}” nối thành vòng tròn: {way}; hãy bỏ một chỗ nối",
        K::PostWithoutPlace => "[[post]] {entry}: vai trò của vị trí này cần “{name}”; hãy ghi vào",
        // An entry of a directory file; the place in the file stands in front.
        K::NoSuchTable => "không phải bảng của danh mục; hãy xem lại tên bảng",
        K::NotATable => "phải là một bảng gồm các dòng “tên = giá trị”",
        K::NotInDirectory => "không có trong tệp danh mục; hãy xem lại tên, hoặc bỏ đi",
        K::UnknownName => "không có “{name}” ở đây; chỉ ghi được: {known}",
        K::MustBeText => "“{name}” phải là chữ trong dấu ngoặc kép",
        K::MustBeWord => "“{name}” phải là chữ trong dấu ngoặc kép và không để trống",
        K::MustBeList => "“{name}” phải là danh sách chữ, như [\"a\", \"b\"]",
        K::MustBeBool => "“{name}” phải là true (có) hoặc false (không)",
        K::MustBeNumber => "“{name}” phải là số nguyên, không có dấu ngoặc kép",
        K::MustBeDate => "“{name}” phải là ngày như \"2025-07-01\"",
        K::NoCode => "mỗi mục phải có “code” (mã); hãy ghi vào",
        K::Twice => "gặp hai lần; hãy ghi cho mỗi mục một “id” riêng",
        K::TwiceOnADay => "mã này gặp hai lần trong cùng những ngày; hãy ghi cho mỗi mục một “id” riêng",
    }
}
