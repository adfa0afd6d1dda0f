//! The month's report: every figure of the contract, computed from projection rows as of a moment, and reconciled.
//!
//! Each petition the month concerns becomes a case: which figures count it, under which keys. Figures are
//! sums over cases and nothing else, so the petitions behind any figure can be listed ([`Cases::behind`]).
//!
//! Months are half-open, `[start, end)`, in the tenant's zone. A state *at* an instant is what all earlier events made of
//! the petition: one finished at 00:00 of a first of the month was open at that month's start. Whether something is
//! overdue is judged at the month's end or at `as_of`, whichever is earlier.
//!
//! Breakdowns count a petition under its value at the month's end: its unit, lead body and category followed through
//! their successors where exactly one stands in their place. For what was carried in, `opening` counts it under the
//! value it had at the month's start, which is last month's `carried_out`; `moved_in` and `moved_out` are the
//! difference. So for every key
//!
//! ```text
//! opening + moved_in − moved_out = carried_in
//! carried_in + received + late_received + reopened = handled
//! handled − finished = carried_out
//! ```

mod behind;
mod case;
mod classify;
mod csv;
mod days;
mod due;
mod equation;
mod error;
mod figure;
mod gather;
mod key;
mod month;
mod monthly;
mod oldest;
mod query;
mod reconcile;
mod row;
mod session;
mod source;
mod table;
mod tally;
mod words;

#[cfg(test)]
mod tests;

pub use behind::{KeyUnknown, Section};
pub use error::ReportError;
pub use figure::Figure;
pub use gather::{Cases, cases};
pub use month::{Month, MonthError};
pub use monthly::{Monthly, monthly};
pub use oldest::OldestOpen;
pub use query::{By, Query};
pub use row::{Figures, KeyRow, Totals};
pub use session::SessionFigures;
pub use source::{Source, SourceError};
