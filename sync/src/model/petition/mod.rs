//! A petition (*phản ánh, kiến nghị, khiếu nại, tố cáo*): facts written once, then only events.

mod action;
mod deadline;
mod erase;
mod event;
mod facts;
mod fold;
mod history;
mod order;
mod status;

pub use action::{Action, ActionKind, AnswerMeans, Field, Outcome};
pub use deadline::{Deadlines, deadlines};
pub use erase::{TAKEN_OUT, Words, without_words};
pub use event::{Event, EventBody};
#[allow(unused_imports)]
pub(crate) use facts::named;
pub use facts::{Channel, Facts, Kind, Source};
pub use fold::{Clock, Contest, Current, Effect, Folded, Held, Moment, NoEffect, fold};
pub use history::{Receipts, Received, counted};
pub use order::{Past, causal_order, past_of, tips};
pub use status::{Finish, Status};
