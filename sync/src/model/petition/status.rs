//! The states of a petition and what they mean together.

use super::facts::named;
use serde::{Deserialize, Serialize};

named!(
    /// Where a petition stands; always computed from its events.
    Status {
        /// Recorded, nothing decided.
        Logged = "logged",
        /// Front staff have it (*tiếp nhận*).
        Received = "received",
        /// Kind and category decided (*phân loại*).
        Classified = "classified",
        /// Handed to a body (*chuyển*).
        Referred = "referred",
        /// The body works on it (*thụ lý*).
        Accepted = "accepted",
        /// The body handed it back (*chuyển trả*).
        Returned = "returned",
        /// The clock stands still (*tạm đình chỉ*).
        Paused = "paused",
        /// The body has done what it does (*đã giải quyết*).
        Resolved = "resolved",
        /// The person has been told (*đã thông báo kết quả*).
        Answered = "answered",
        /// Nothing more to do.
        Closed = "closed",
        /// Shown the right door (*hướng dẫn*).
        Guided = "guided",
        /// Filed without handling (*lưu đơn*).
        Filed = "filed",
        /// Counted under another one (*trùng*).
        Duplicate = "duplicate",
        /// Taken back by the person (*rút đơn*).
        Withdrawn = "withdrawn",
    }
);

impl Status {
    /// Finished = resolved, answered, closed, guided, filed, withdrawn, duplicate; all else is open.
    pub fn is_finished(self) -> bool {
        use Status::*;
        matches!(self, Resolved | Answered | Closed | Guided | Filed | Withdrawn | Duplicate)
    }

    /// Not finished.
    pub fn is_open(self) -> bool {
        !self.is_finished()
    }
}

named!(
    /// Which event finished a petition; what the month counts it under, also after it was answered and closed.
    Finish {
        /// By a body's (or on-the-spot) resolution.
        Resolved = "resolved",
        /// By showing the right door.
        Guided = "guided",
        /// By filing.
        Filed = "filed",
        /// By the person.
        Withdrawn = "withdrawn",
        /// As a duplicate.
        Duplicate = "duplicate",
    }
);
