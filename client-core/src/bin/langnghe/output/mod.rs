//! What people read: calm, aligned, in Vietnamese.

pub mod bundle;
pub mod device;
pub mod history;
pub mod import;
pub mod petition;
pub mod refused;
pub mod session;
pub mod status;
pub mod table;
pub mod who;

use client_core::view::when::{day, day_of, moment};
