//! What to do first, where an event is not possible yet.

use sync::model::petition::{ActionKind, Status};

/// What to do so that an event becomes possible, or why it is not needed.
pub fn first_step(action: ActionKind, status: Status) -> &'static str {
    use ActionKind as A;
    match action {
        A::Receive => "đơn đã được tiếp nhận rồi, không cần làm lại",
        A::Reopen => "đơn chưa kết thúc, không cần mở lại",
        A::Resume => "đơn không tạm đình chỉ, không cần ghi tiếp tục",
        A::NotDuplicate => "đơn không bị ghi là trùng, không cần làm việc này",
        A::Close => "chỉ kết thúc đơn đã có kết quả; hãy ghi kết quả trước (petition resolve, guide hoặc file)",
        A::Answer if status.is_open() => {
            "chỉ thông báo được khi đơn đã có kết quả; hãy ghi kết quả trước (petition resolve, guide hoặc file)"
        }
        A::Answer => {
            "chỉ thông báo được khi đơn vừa được giải quyết, hướng dẫn hoặc lưu; hãy xem diễn biến (petition show)"
        }
        A::Rate => "chỉ ghi đánh giá sau khi đã thông báo kết quả; hãy ghi việc thông báo trước (petition answer)",
        A::Comment | A::Correct => "hãy xem diễn biến của đơn (petition show)",
        _ if status.is_finished() => "đơn đã xong; muốn làm tiếp thì mở lại trước (petition reopen)",
        _ if status == Status::Paused => "hãy ghi việc “Tiếp tục” trước (petition resume)",
        _ => "chỉ làm được khi đơn đã chuyển đến cơ quan; hãy chuyển đơn trước (petition refer)",
    }
}
