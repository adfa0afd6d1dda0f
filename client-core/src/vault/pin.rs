//! A PIN: what a person types to open a replica.

use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

/// Fewer characters are tried through in no time.
const FEWEST: usize = 6;

/// A PIN in normalisation form C: the same letters typed on another keyboard are the same PIN. Wiped from memory when
/// dropped, never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct Pin(Zeroizing<String>);

/// Why a PIN is not taken as a new one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PinFault {
    /// Too few characters.
    #[error("mã PIN cần ít nhất {FEWEST} ký tự; hãy chọn mã dài hơn")]
    Short,
    /// One character again and again.
    #[error("mã PIN chỉ lặp lại một ký tự, rất dễ đoán; hãy chọn mã khác")]
    Repeated,
    /// Digits that count up or down.
    #[error("mã PIN là dãy số liền nhau, rất dễ đoán; hãy chọn mã khác")]
    Run,
}

impl std::fmt::Debug for Pin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Pin(…)")
    }
}

impl Pin {
    /// As typed to open something. No rule applies: a rule made later must not lock anybody out.
    pub fn typed(text: &str) -> Self {
        // Composing never makes a text of more bytes than thrice its own: nothing is left behind in a buffer outgrown.
        let mut composed = Zeroizing::new(String::with_capacity(text.len() * 3));
        composed.extend(text.nfc());
        Self(composed)
    }

    /// As chosen for a replica.
    ///
    /// # Errors
    /// [`PinFault`] when it could be guessed at once.
    pub fn chosen(text: &str) -> Result<Self, PinFault> {
        let pin = Self::typed(text);
        let steps = || pin.0.chars().zip(pin.0.chars().skip(1));
        if pin.0.chars().count() < FEWEST {
            Err(PinFault::Short)
        } else if steps().all(|(one, next)| one == next) {
            Err(PinFault::Repeated)
        } else if steps().all(|(one, next)| follows(one, next)) || steps().all(|(one, next)| follows(next, one)) {
            Err(PinFault::Run)
        } else {
            Ok(pin)
        }
    }

    pub(super) fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

/// As on a keypad: after 9 comes 0.
fn follows(one: char, next: char) -> bool {
    matches!((one.to_digit(10), next.to_digit(10)), (Some(one), Some(next)) if (one + 1) % 10 == next)
}
