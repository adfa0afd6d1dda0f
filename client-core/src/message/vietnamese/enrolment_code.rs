//! Why a text can be no enrolment code.

use sync::enrolment_code::{LENGTH, Mistake};

/// What to look at.
pub fn enrolment_code(mistake: Mistake) -> String {
    match mistake {
        Mistake::Letter('o' | 'O') => "mã đăng ký không có chữ O, có thể là số 0; hãy xem lại mã rồi gõ lại".to_owned(),
        Mistake::Letter(letter) => {
            format!(
                "mã đăng ký không có chữ “{letter}” (không dùng 1, I, L, O và chữ có dấu); hãy xem lại mã rồi gõ lại"
            )
        }
        Mistake::Length(length) => {
            format!("mã đăng ký có {LENGTH} chữ, ở đây có {length}; hãy xem lại mã, chép đủ rồi gõ lại")
        }
    }
}
