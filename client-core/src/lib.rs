//! A replica of Lắng Nghe: commands in, views out, one SQLite file, one sync.
//!
//! [`replica::Replica`] is the only entry. [`desk`] makes commands of what people type or pick. A command becomes one
//! signed change to one record, judged by the same gate as the server's, and one local transaction; [`syncer`] carries
//! changes to the server and back; [`view`] reads the typed columns that each transaction keeps up to date.

pub mod app;
pub mod command;
pub mod desk;
#[cfg(feature = "export")]
pub mod export;
#[cfg(feature = "export")]
pub mod export_run;
pub mod identity;
#[cfg(feature = "import")]
pub mod import;
#[cfg(feature = "import")]
pub mod import_run;
pub mod message;
pub mod minutes;
pub mod outbox;
pub mod own_data;
pub mod replica;
pub mod schema;
pub mod search;
pub mod store;
pub mod syncer;
pub mod transport;
pub mod vault;
pub mod view;
