//! Search as people type it: without regard to case, diacritics (đ = d) and where a tone mark stands (hoà = hòa).
//!
//! Texts are folded once, when they are written to their row; a query is folded the same way when it is asked.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// A text as it is searched: words of plain lower-case letters and digits, one space between them.
///
/// Tone marks fall away with the other diacritics, so that where one was put makes no difference.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    let mut gap = false;
    for c in text.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase) {
        let c = if c == 'đ' { 'd' } else { c };
        if !c.is_alphanumeric() {
            gap = true;
            continue;
        }
        if gap && !folded.is_empty() {
            folded.push(' ');
        }
        gap = false;
        folded.push(c);
    }
    folded
}

/// The words of a query, folded, each once. A text matches when each begins one of its words.
pub fn words(query: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for word in fold(query).split(' ').filter(|w| !w.is_empty()) {
        if !words.iter().any(|w| w == word) {
            words.push(word.to_owned());
        }
    }
    words
}

/// The beginning of a short code, when the query looks like one: at least its first two letters and a dash.
pub fn code_prefix(query: &str) -> Option<String> {
    let query = query.trim();
    if let sync::code::Reading::Code(code) = sync::code::read(query) {
        return Some(code);
    }
    let dashed = query.as_bytes().get(2) == Some(&b'-') && query.len() >= 4;
    let plain = query.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    (dashed && plain).then(|| query.to_ascii_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_and_diacritics_make_no_difference() {
        assert_eq!(fold("Đường LIÊN ấp"), "duong lien ap");
        assert_eq!(fold("ĐẤT ĐAI, môi trường"), "dat dai moi truong");
        assert_eq!(fold("ư ơ â ă ê ô"), "u o a a e o");
    }

    #[test]
    fn tone_placement_makes_no_difference() {
        for (old, new) in [("hoà", "hòa"), ("thuỷ", "thủy"), ("khoẻ", "khỏe"), ("HOÀ", "Hòa")] {
            assert_eq!(fold(old), fold(new));
        }
    }

    #[test]
    fn composed_and_decomposed_letters_are_one() {
        let decomposed: String = "Tiếng Việt ở ấp Vĩnh Thới".nfd().collect();
        assert_eq!(fold(&decomposed), fold("Tiếng Việt ở ấp Vĩnh Thới"));
        assert_eq!(fold(&decomposed), "tieng viet o ap vinh thoi");
    }

    #[test]
    fn punctuation_parts_words_and_is_not_kept() {
        assert_eq!(fold("  cống – thoát nước (2 cái)… "), "cong thoat nuoc 2 cai");
        assert_eq!(fold("!?"), "");
        assert_eq!(words("nước, Nước NUOC cống"), ["nuoc", "cong"]);
    }

    #[test]
    fn a_code_is_known_by_its_shape() {
        let code = sync::code::of(sync::id::RecordId::from_bytes([7; 16]));
        assert_eq!(code_prefix(&code.to_lowercase()), Some(code.clone()));
        assert_eq!(code_prefix(&code[..6].to_lowercase()), Some(code[..6].to_owned()));
        assert_eq!(code_prefix("nước sạch"), None);
        assert_eq!(code_prefix("ấp-4"), None);
    }
}
