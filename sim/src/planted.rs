//! Bugs that are put in on purpose: a checker that does not find them checks nothing.

/// A planted bug.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Planted {
    /// The server answers before it has committed, and dies between.
    AcknowledgeBeforeCommit,
    /// A replica lets go of what was refused.
    DropOnRefusal,
    /// A replica moves its cursor before it has the data.
    CursorBeforeData,
}

impl Planted {
    /// All of them.
    pub const ALL: [Planted; 3] = [Planted::AcknowledgeBeforeCommit, Planted::DropOnRefusal, Planted::CursorBeforeData];

    /// By its name on the command line.
    pub fn parse(name: &str) -> Option<Self> {
        match name {
            "acknowledge-before-commit" => Some(Self::AcknowledgeBeforeCommit),
            "drop-on-refusal" => Some(Self::DropOnRefusal),
            "cursor-before-data" => Some(Self::CursorBeforeData),
            _ => None,
        }
    }
}
