//! Enrolment codes as people type them: 26 letters that are not mistaken for each other, for 128 random bits.

/// The letters, in the order of their values.
pub const LETTERS: &str = "23456789ABCDEFGHJKMNPQRSTUVWXYZ0";
/// How many a code has.
pub const LENGTH: usize = 26;

/// Why a text can be no code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mistake {
    /// A letter or digit that occurs in none.
    Letter(char),
    /// It has another number of letters.
    Length(usize),
}

/// The letters of a code without what stands between them, in capitals.
pub fn plain(code: &str) -> String {
    code.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect()
}

/// Whether a text can be a code, before anybody is asked.
pub fn check(code: &str) -> Result<(), Mistake> {
    let letters = code.chars().filter(|c| c.is_alphanumeric());
    if let Some(strange) = letters.into_iter().find(|c| !LETTERS.contains(c.to_ascii_uppercase())) {
        return Err(Mistake::Letter(strange));
    }
    let length = plain(code).len();
    if length == LENGTH { Ok(()) } else { Err(Mistake::Length(length)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_a_code_is_told_by_looking_at_it() {
        let code = "ABCDE-23456-FGHJK-MNPQR-STUVW-X";
        assert_eq!(check(code), Ok(()));
        assert_eq!(check(&code.to_lowercase().replace('-', " ")), Ok(()));
        assert_eq!(check("ABCDE-23456-FGHJK-MNPQR-STUVW-O"), Err(Mistake::Letter('O')));
        assert_eq!(check("ABCDE-23456-FGHJK-MNPQR-STUVW-1"), Err(Mistake::Letter('1')));
        assert_eq!(check("ABCDE-23456-FGHJK-MNPQR-STUVW-Đ"), Err(Mistake::Letter('Đ')));
        assert_eq!(check("ABCDE"), Err(Mistake::Length(5)));
        assert_eq!(LETTERS.len(), 32);
    }
}
