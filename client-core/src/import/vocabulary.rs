//! What a mapping may speak of: the facts of a petition, the kinds of events and their arguments.
//!
//! The names are those of the command line. Facts about a person (name, phone, address) are absent on
//! purpose: identities do not travel with petitions.

/// Facts of the `[petition]` table.
pub(super) const PETITION_FACTS: &[&str] =
    &["unit", "hamlet", "kind", "channel", "category", "text", "place", "urgent", "collective", "logged_at"];

/// Facts without which there is no petition: they must be mapped, and may not be `optional`.
pub(super) const REQUIRED_FACTS: &[&str] = &["unit", "text", "logged_at"];

/// Separates several bodies in the argument `with`, in the source as in the planned event.
pub const WITH_SEPARATOR: char = ';';

/// What a kind of event takes beside its date.
#[derive(Debug)]
pub(super) struct EventShape {
    pub kind: &'static str,
    /// The argument that says to what or whom the event happens. Blank: the event did not happen.
    pub target: Option<&'static str>,
    /// Arguments the event makes no sense without; must be mapped.
    pub essential: &'static [&'static str],
    pub further: &'static [&'static str],
}

const fn event(
    kind: &'static str,
    target: Option<&'static str>,
    essential: &'static [&'static str],
    further: &'static [&'static str],
) -> EventShape {
    EventShape { kind, target, essential, further }
}

/// The events a row may tell, in the order in which one matter goes through them: registers often keep
/// days without hours, and what happened on one day is taken in this order.
///
/// What `duplicate` is `of` is named by its key in the same source.
///
/// `correct`, `split` and `not-duplicate` are absent: they mend what the program itself holds, and a
/// register row is already the mended state.
pub(super) const EVENTS: &[EventShape] = &[
    event("receive", None, &[], &[]),
    event("classify", None, &[], &["kind", "category"]),
    event("refer", Some("to"), &[], &["with", "due", "note", "paper"]),
    event("accept", None, &[], &["on_behalf_of", "paper"]),
    event("return", None, &[], &["reason", "on_behalf_of", "paper"]),
    event("transfer", Some("to"), &[], &["reason"]),
    event("pause", None, &[], &["reason"]),
    event("resume", None, &[], &[]),
    event("extend", None, &["until"], &["reason", "on_behalf_of", "paper"]),
    event("chase", None, &[], &["text"]),
    event("comment", Some("text"), &[], &[]),
    event("duplicate", Some("of"), &[], &[]),
    event("guide", None, &[], &["text"]),
    event("file", None, &[], &["reason"]),
    event("withdraw", None, &[], &["reason"]),
    event("resolve", None, &["outcome"], &["text", "on_behalf_of", "paper"]),
    event("answer", None, &["by"], &["text"]),
    event("rate", None, &["satisfied"], &["text"]),
    event("close", None, &[], &[]),
    event("reopen", None, &[], &["reason"]),
];

impl EventShape {
    /// The shape of a kind of event, or nothing when a mapping may not speak of it.
    pub fn of(kind: &str) -> Option<&'static EventShape> {
        EVENTS.iter().find(|shape| shape.kind == kind)
    }

    /// Where the kind stands among the steps of one day. Logging itself is 0.
    pub fn rank(&self) -> usize {
        1 + EVENTS.iter().take_while(|shape| shape.kind != self.kind).count()
    }

    /// Every argument, in canonical names.
    pub fn arguments(&self) -> impl Iterator<Item = &'static str> + use<> {
        self.target.into_iter().chain(self.essential.iter().copied()).chain(self.further.iter().copied())
    }
}

/// `body` and `to` mean the same target; events are planned with `to`.
pub(super) fn canonical_argument(kind: &str, name: &str) -> String {
    match (kind, name) {
        ("refer" | "transfer", "body") => "to".to_owned(),
        _ => name.to_owned(),
    }
}

/// The translation table a fact is looked up in: every way of naming a body shares one.
pub(super) fn translation_table(fact: &str) -> &str {
    match fact {
        "body" | "with" | "on_behalf_of" => "to",
        other => other,
    }
}

/// Whether a `[values.<fact>]` table of this name can ever be used.
pub(super) fn is_known_fact(fact: &str) -> bool {
    fact == "body"
        || fact == "at"
        || PETITION_FACTS.contains(&fact)
        || EVENTS.iter().any(|shape| shape.arguments().any(|argument| argument == fact))
}

/// Facts that are dates, the only ones that take a `format`.
pub(super) fn is_date(fact: &str) -> bool {
    matches!(fact, "logged_at" | "at" | "due" | "until")
}
