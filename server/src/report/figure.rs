//! The figures that count petitions.

macro_rules! figures {
    ($($(#[$doc:meta])* $name:ident = $key:literal, $label:literal;)+) => {
        /// A figure: a count of petitions.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Figure { $($(#[$doc])* $name),+ }

        impl Figure {
            /// Every figure, in the order of the contract.
            pub const ALL: &'static [Figure] = &[$(Figure::$name),+];
            /// How many there are.
            pub(super) const COUNT: usize = Figure::ALL.len();

            /// Its key in JSON and CSV.
            pub fn key(self) -> &'static str {
                match self { $(Figure::$name => $key),+ }
            }

            /// What people here call it.
            pub fn label(self) -> &'static str {
                match self { $(Figure::$name => $label),+ }
            }
        }
    };
}

figures! {
    /// Open at the start.
    CarriedIn = "carried_in", "Tồn kỳ trước chuyển sang";
    /// Logged in the month.
    Received = "received", "Tiếp nhận trong kỳ";
    /// Logged in a month that was closed before it arrived. None as long as nothing is closed.
    LateReceived = "late_received", "Ghi nhận muộn";
    /// Finished at the start, open at any time in the month.
    Reopened = "reopened", "Mở lại";
    /// Open at any time in the month.
    Handled = "handled", "Tổng phải giải quyết";
    /// Of the handled, finished at the end.
    Finished = "finished", "Đã xong";
    /// Finished by a resolution.
    Resolved = "resolved", "Đã giải quyết";
    /// … by its last day, or having none.
    ResolvedOnTime = "resolved_on_time", "Giải quyết đúng hạn";
    /// … after its last day.
    ResolvedLate = "resolved_late", "Giải quyết quá hạn";
    /// Finished by showing the right door.
    Guided = "guided", "Hướng dẫn";
    /// Finished by filing.
    Filed = "filed", "Lưu đơn";
    /// Taken back.
    Withdrawn = "withdrawn", "Rút đơn";
    /// Counted under another one.
    Duplicates = "duplicates", "Trùng";
    /// Open at the end.
    CarriedOut = "carried_out", "Tồn chuyển kỳ sau";
    /// … not past its last day, or having none.
    OpenWithin = "open_within", "Tồn trong hạn";
    /// … past its last day.
    OpenOverdue = "open_overdue", "Tồn quá hạn";
    /// Of the resolved, told by the end.
    Answered = "answered", "Đã thông báo kết quả";
    /// Told in the month, about a resolution before it.
    AnsweredEarlier = "answered_earlier", "Thông báo kết quả của kỳ trước";
    /// Of the answered, rated by the end.
    Rated = "rated", "Có đánh giá";
    /// Of the rated, content by the last rating.
    Satisfied = "satisfied", "Hài lòng";
    /// Open at the start, under the key of then: last month's carried_out.
    Opening = "opening", "Tồn cuối kỳ trước";
    /// Carried in under this key, but not under it at the start.
    MovedIn = "moved_in", "Chuyển đến";
    /// Under this key at the start, but carried in under another.
    MovedOut = "moved_out", "Chuyển đi";
}

impl Figure {
    /// Figures that a case simply has or has not, under its key at the month's end.
    pub(super) fn is_flag(self) -> bool {
        !matches!(self, Figure::Opening | Figure::MovedIn | Figure::MovedOut)
    }

    pub(super) fn index(self) -> usize {
        self as usize
    }

    /// The figure with a key.
    pub fn parse(key: &str) -> Option<Self> {
        Figure::ALL.iter().copied().find(|f| f.key() == key)
    }
}

/// Which figures count a petition.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub(super) struct Flags(u32);

impl Flags {
    pub(super) fn set(&mut self, figure: Figure) {
        self.0 |= 1 << figure.index();
    }

    pub(super) fn set_if(&mut self, figure: Figure, when: bool) {
        if when {
            self.set(figure);
        }
    }

    pub(super) fn has(self, figure: Figure) -> bool {
        self.0 & (1 << figure.index()) != 0
    }

    pub(super) fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The places, in [`Figure::ALL`], of the figures that are set.
    pub(super) fn indexes(self) -> impl Iterator<Item = usize> {
        let mut left = self.0;
        std::iter::from_fn(move || {
            let next = (left != 0).then_some(left.trailing_zeros() as usize);
            left &= left.wrapping_sub(1);
            next
        })
    }
}
