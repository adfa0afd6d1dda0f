//! A passage found in a text by what it says.

use std::ops::Range;

use unicode_normalization::UnicodeNormalization;
use unicode_segmentation::UnicodeSegmentation;

/// Why a passage cannot be replaced.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PassageError {
    /// Nothing was named.
    #[error("đoạn cần sửa để trống; hãy chép vào đoạn cần sửa")]
    Empty,
    /// The text does not say so.
    #[error("không thấy đoạn ấy trong biên bản trên máy này; hãy chép đúng từng chữ như ở session show")]
    NotThere,
    /// It says so more than once.
    #[error("đoạn ấy gặp {0} lần trong biên bản; hãy chép dài hơn, để chỉ còn đúng một chỗ")]
    Several(usize),
    /// Old and new are the same.
    #[error("đoạn mới giống hệt đoạn cũ; không có gì để sửa")]
    Same,
}

/// Where the passage stands in the text, in code points. Letters are compared with their marks, whichever way these are
/// written: a passage typed on a telephone is found in minutes typed on another, and is never found inside a letter.
pub(super) fn only(text: &str, passage: &str) -> Result<Range<usize>, PassageError> {
    if passage.trim().is_empty() {
        return Err(PassageError::Empty);
    }
    let wanted: Vec<String> = passage.graphemes(true).map(composed).collect();
    let letters: Vec<&str> = text.graphemes(true).collect();
    let there: Vec<String> = letters.iter().copied().map(composed).collect();
    let found: Vec<usize> =
        there.windows(wanted.len()).enumerate().filter(|(_, w)| *w == wanted).map(|(at, _)| at).collect();
    let width = |letters: &[&str]| letters.iter().map(|letter| letter.chars().count()).sum::<usize>();
    match found.as_slice() {
        [] => Err(PassageError::NotThere),
        [at] => {
            let start = width(&letters[..*at]);
            Ok(start..start + width(&letters[*at..at + wanted.len()]))
        }
        several => Err(PassageError::Several(several.len())),
    }
}

fn composed(letter: &str) -> String {
    letter.nfc().collect()
}
