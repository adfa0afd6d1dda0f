//! The reason of refused work, as the outbox keeps it: a JSON array of texts. Before, it was a line of text.

use sync::reason::Reason;
use sync::wire::RefusalCode;

use crate::message;

/// Why work was not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WhyNot {
    /// A reason that can be said in any language.
    Reason(Reason),
    /// What an older program kept; shown as it is.
    Text(String),
}

impl WhyNot {
    /// As it is kept.
    pub(crate) fn kept(reason: &Reason) -> String {
        serde_json::Value::from_iter(reason.parts()).to_string()
    }

    /// Reads what is kept.
    pub(crate) fn read(kept: &str) -> Self {
        match serde_json::from_str::<Vec<String>>(kept) {
            Ok(parts) => WhyNot::Reason(Reason::from_parts(parts.iter().map(String::as_str))),
            Err(_) => WhyNot::Text(kept.to_owned()),
        }
    }

    /// For people, in one line.
    pub fn line(&self, code: RefusalCode) -> String {
        match self {
            WhyNot::Reason(reason) => message::refusal(code, reason),
            WhyNot::Text(text) => message::plain_refusal(code, text),
        }
    }
}

/// For programs: what is kept.
impl std::fmt::Display for WhyNot {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            WhyNot::Reason(reason) => f.write_str(&Self::kept(reason)),
            WhyNot::Text(text) => f.write_str(text),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_kept_as_an_array_and_an_older_line_is_shown_as_it_is() {
        let reason = Reason::no_such_code("unit", "99\"999");
        let kept = WhyNot::kept(&reason);
        assert_eq!(kept, r#"["no-such-code","unit","99\"999"]"#);
        assert_eq!(WhyNot::read(&kept), WhyNot::Reason(reason));
        for old in ["there is no unit `99999`", "[[post]] a: cannot read `role`", ""] {
            let read = WhyNot::read(old);
            assert_eq!(read, WhyNot::Text(old.to_owned()));
            assert!(read.line(RefusalCode::UnknownCode).contains(old));
        }
    }
}
