//! Why something is not taken: a stable key with a few codes, names and numbers. Each end says it in its own language.

mod key;

use std::borrow::Cow;
use std::fmt;

pub use key::ReasonKey;

/// A reason is given no more than this many codes and names.
pub const MAX_REASON_ARGS: usize = 8;
/// None of them is longer than this, in bytes: what is longer is cut.
pub const MAX_REASON_ARG_BYTES: usize = 256;

/// Why something is not taken. Holds codes, names of fields, statuses and numbers, never a petitioner's words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// A word of [`ReasonKey`], or of a newer program.
    word: Cow<'static, str>,
    args: Vec<String>,
}

impl Reason {
    /// With a known key; each has a constructor of its own.
    fn of(key: ReasonKey, args: Vec<String>) -> Self {
        let args = args.iter().map(|arg| bounded(arg)).collect();
        Self { word: key.as_str().into(), args }
    }

    /// From the word and what follows it, as it travels and is kept; bounded, so that whatever comes can be held.
    pub fn from_parts<'a>(parts: impl IntoIterator<Item = &'a str>) -> Self {
        let mut parts = parts.into_iter();
        let word = parts.next().unwrap_or_default();
        let word = ReasonKey::parse(word).map_or_else(|| bounded(word).into(), |key| key.as_str().into());
        Self { word, args: parts.take(MAX_REASON_ARGS).map(bounded).collect() }
    }

    /// The word and what follows it.
    pub fn parts(&self) -> impl ExactSizeIterator<Item = &str> {
        (0..1 + self.args.len()).map(|i| if i == 0 { self.word.as_ref() } else { self.args[i - 1].as_str() })
    }

    /// Its key; none for one of a newer program, and for one that lacks what belongs to it.
    pub fn key(&self) -> Option<ReasonKey> {
        ReasonKey::parse(&self.word).filter(|key| key.args().len() <= self.args.len())
    }

    /// What it was given under a name.
    pub fn arg(&self, name: &str) -> Option<&str> {
        let place = self.key()?.args().iter().position(|arg| *arg == name)?;
        self.args.get(place).map(String::as_str)
    }

    /// About how many bytes it takes on the way.
    pub fn size(&self) -> usize {
        self.parts().map(|part| part.len() + 3).sum()
    }
}

/// In English: for logs and for the operator.
impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.key() {
            Some(key) => f.write_str(&fill(key.english(), |name| self.arg(name).unwrap_or_default().to_owned())),
            None if self.args.is_empty() => f.write_str(&self.word),
            None => write!(f, "{} ({})", self.word, self.args.join(", ")),
        }
    }
}

/// A line with what stands in braces replaced.
pub fn fill(line: &str, value: impl Fn(&str) -> String) -> String {
    let mut out = String::with_capacity(line.len() + 32);
    let mut rest = line;
    while let Some((before, after)) = rest.split_once('{') {
        let Some((name, behind)) = after.split_once('}') else { break };
        out.push_str(before);
        out.push_str(&value(name));
        rest = behind;
    }
    out.push_str(rest);
    out
}

/// One line of a length that can be held and shown.
fn bounded(text: &str) -> String {
    let mut left = MAX_REASON_ARG_BYTES;
    let shown = text.chars().filter(|c| !c.is_control());
    let kept = shown.take_while(|c| {
        let fits = c.len_utf8() <= left;
        left = left.saturating_sub(c.len_utf8());
        fits
    });
    kept.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_reads_back_and_its_english_line_names_what_it_is_given() {
        for key in ReasonKey::ALL {
            assert_eq!(ReasonKey::parse(key.as_str()), Some(*key));
            assert!(key.as_str().chars().all(|c| c.is_ascii_lowercase() || c == '-'), "{key:?}");
            assert!(key.args().len() <= MAX_REASON_ARGS);
            for name in key.args() {
                assert!(key.english().contains(&format!("{{{name}}}")), "{key:?} lacks {name}");
            }
            assert_eq!(key.english().matches('{').count(), key.args().len(), "{key:?}");
        }
    }

    #[test]
    fn a_reason_of_a_newer_program_is_kept_as_it_came() {
        let newer = Reason::from_parts(["moon-phase", "full"]);
        assert_eq!((newer.key(), newer.to_string().as_str()), (None, "moon-phase (full)"));
        assert_eq!(newer.parts().collect::<Vec<_>>(), ["moon-phase", "full"]);
        // A known key that was given something else is not filled in half.
        assert_eq!(Reason::from_parts(["wrong-status", "accept"]).key(), None);
    }

    #[test]
    fn whatever_comes_is_bounded() {
        let long = "ệ".repeat(100_000);
        let reason = Reason::from_parts(std::iter::once("x\u{1b}[2J").chain(std::iter::repeat_n(long.as_str(), 1000)));
        assert_eq!(reason.parts().next(), Some("x[2J"));
        assert_eq!(reason.parts().len(), 1 + MAX_REASON_ARGS);
        assert!(reason.parts().all(|part| part.len() <= MAX_REASON_ARG_BYTES));
        assert!(Reason::no_such_code("unit", &long).size() < 2 * MAX_REASON_ARG_BYTES);
    }
}
