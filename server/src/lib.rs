//! The server of Lắng Nghe: it checks, orders, merges, projects and reports. It writes nothing in its own name.

pub mod admin;
pub mod audit;
pub mod erase;
pub mod error;
pub mod exchange;
pub mod feed;
pub mod http;
pub mod ingest;
pub mod keys;
pub mod life;
pub mod pages;
pub mod projection;
pub mod quarantine;
pub mod report;
pub mod store;
