//! What people read in Vietnamese.

mod database;
mod enrolment_code;
mod file;
mod problem;
mod reason;
mod refusal;
mod screen;
mod step;
mod system;
mod value;
mod wait;

pub(super) use database::database;
pub(super) use enrolment_code::enrolment_code;
pub(super) use file::{at_place, contradictions, not_toml};
pub(super) use problem::{carried_problem, problem};
pub(super) use reason::reason;
pub(super) use refusal::{refusal, with_code, with_text};
pub(super) use screen::on_screen;
pub(super) use step::first_step;
pub(super) use system::system;
pub(super) use value::value;
pub(super) use wait::wait;
