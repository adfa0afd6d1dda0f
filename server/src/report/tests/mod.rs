//! Months worked out by hand, and months worked out again from the definitions.

mod as_of;
mod breakdown;
mod deadline;
mod flow;
mod law;
mod output;
mod register;
mod scale;
mod session;
mod world;
