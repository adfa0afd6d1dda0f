//! The command line, as the contract has it.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args as ClapArgs, Parser, Subcommand};
use sync::id::RecordId;

/// The server of Lắng Nghe.
#[derive(Debug, Parser)]
#[command(name = "langnghe-server", version, about)]
pub struct Args {
    /// Print exactly one JSON value.
    #[arg(long, global = true)]
    pub json: bool,
    #[command(subcommand)]
    pub command: Command,
}

/// Where the database is.
#[derive(Debug, ClapArgs)]
pub struct Data {
    /// The server's data folder.
    #[arg(long, value_name = "DIR", env = "LANGNGHE_DATA")]
    pub data: PathBuf,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Make a new tenant's database, and the first administrator's enrolment code.
    Init {
        #[command(flatten)]
        data: Data,
        /// The tenant's name.
        #[arg(long, value_name = "NAME")]
        tenant: String,
        /// The directory file; without one there is a single user, `admin`.
        #[arg(long, value_name = "FILE.toml")]
        directory: Option<PathBuf>,
    },
    /// Serve.
    Serve {
        #[command(flatten)]
        data: Data,
        /// Address and port; port 0 takes any free one.
        #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8080")]
        listen: SocketAddr,
    },
    /// Issue an enrolment code; works beside a running server.
    Code {
        #[command(flatten)]
        data: Data,
        /// The user's code in the directory.
        #[arg(long, value_name = "NAME")]
        user: String,
    },
    /// Enrolled devices.
    #[command(subcommand)]
    Device(DeviceCommand),
    /// Reports.
    #[command(subcommand)]
    Report(ReportCommand),
    /// Print the rights table.
    Rights {
        /// Only of one role.
        #[arg(long, value_name = "R")]
        role: Option<String>,
    },
    /// Make the projection and every other cache again from the accepted changes.
    Rebuild {
        #[command(flatten)]
        data: Data,
    },
    /// Couriers' files, for devices without a network; works beside a running server.
    #[command(subcommand)]
    Bundle(BundleCommand),
    /// What devices that were shut out have left behind, for a person to judge.
    #[command(subcommand)]
    Quarantine(QuarantineCommand),
    /// The tenant's key: who spoke is locked for it.
    #[command(subcommand)]
    Key(KeyCommand),
    /// Forget who somebody was, or take out what a petition says, here and on every device; works beside a running server.
    Erase {
        #[command(flatten)]
        data: Data,
        /// The person's id, or the petition's UUID or short code. It cannot be undone.
        #[arg(long, value_name = "ID", required_unless_present = "text", conflicts_with = "text")]
        identity: Option<String>,
        /// The petition's UUID or short code: its words and their corrections go from its document, and of a sealed one what
        /// lies beside it. What happened to it stays. It cannot be undone.
        #[arg(long, value_name = "ID")]
        text: Option<String>,
        /// With --text: also what everybody has written of it since, reasons, results, answers and comments.
        #[arg(long, requires = "text")]
        with_history: bool,
    },
    /// What must be answered for: who has read who spoke and what for, who was let in, whose rights were changed, what was refused.
    #[command(subcommand)]
    Audit(AuditCommand),
    /// Check that every record reads as its accepted changes say.
    Verify {
        #[command(flatten)]
        data: Data,
    },
}

#[derive(Debug, Subcommand)]
pub enum DeviceCommand {
    /// List them, with their last contact.
    List {
        #[command(flatten)]
        data: Data,
    },
    /// Let in one that waits for a second person.
    Approve {
        #[command(flatten)]
        data: Data,
        /// The device's id.
        id: String,
    },
    /// Let one in no more.
    Revoke {
        #[command(flatten)]
        data: Data,
        /// The device's id.
        id: String,
    },
}

#[derive(Debug, Subcommand)]
pub enum QuarantineCommand {
    /// List what waits to be judged.
    List {
        #[command(flatten)]
        data: Data,
    },
    /// Print what a device had to say, as JSON. The recovery key comes from LANGNGHE_RECOVERY_KEY, else from standard input.
    Open {
        #[command(flatten)]
        data: Data,
        /// The entry's id.
        id: String,
    },
    /// Write an entry, still sealed, to a file.
    Export {
        #[command(flatten)]
        data: Data,
        /// The entry's id.
        id: String,
        /// A file that is not there yet.
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
    /// Let go of an entry for good, words and all.
    Discard {
        #[command(flatten)]
        data: Data,
        /// The entry's id.
        id: String,
        /// Certainly.
        #[arg(long, required = true)]
        yes: bool,
    },
}

#[derive(Debug, Subcommand)]
pub enum KeyCommand {
    /// Make a new one and lock every identity for it; not while the server runs. Former keys stay in the file: what devices
    /// that are out of reach lock for them is still read.
    Rotate {
        #[command(flatten)]
        data: Data,
    },
}

#[derive(Debug, Subcommand)]
pub enum AuditCommand {
    /// List it, oldest first.
    List {
        #[command(flatten)]
        data: Data,
        #[command(flatten)]
        filter: AuditFilter,
    },
    /// Check that no line was changed, taken out, put in, moved or cut off, by the checkpoints in `journal/audit`.
    Verify {
        #[command(flatten)]
        data: Data,
    },
}

/// Which lines; all that are given must hold.
#[derive(Debug, ClapArgs)]
pub struct AuditFilter {
    /// Only of one petition, by its UUID.
    #[arg(long, value_name = "ID")]
    pub record: Option<RecordId>,
    /// Only by one user, by code in the directory; `administrator` is the operator on the server.
    #[arg(long, value_name = "NAME")]
    pub user: Option<String>,
    /// Only of one kind, such as `identity-read`.
    #[arg(long, value_name = "WHAT")]
    pub what: Option<String>,
    /// Only from a day on, in the tenant's zone, or from an RFC 3339 time on.
    #[arg(long, value_name = "DATE")]
    pub since: Option<String>,
}

#[derive(Debug, Subcommand)]
pub enum BundleCommand {
    /// Answer a device's bundle: what it brings is judged and kept, what is new for it goes into the reply.
    Exchange {
        #[command(flatten)]
        data: Data,
        /// The file that `langnghe bundle request` has made.
        #[arg(value_name = "IN")]
        request: PathBuf,
        /// Where the reply goes; `langnghe bundle apply` takes it in on the device that asked.
        #[arg(value_name = "OUT")]
        reply: PathBuf,
    },
}

#[derive(Debug, Subcommand)]
pub enum ReportCommand {
    /// The month's figures.
    Monthly {
        #[command(flatten)]
        data: Data,
        /// Which month.
        #[arg(long, value_name = "YYYY-MM")]
        month: String,
        /// Only what the server had admitted by then.
        #[arg(long, value_name = "TIME")]
        as_of: Option<String>,
        /// Which breakdown the table and the CSV show.
        #[arg(long, value_name = "unit|body|category|channel|kind")]
        by: Option<String>,
        /// How it is written; with --json always json.
        #[arg(long, value_name = "table|json|csv", default_value = "table")]
        format: String,
        /// Write to a file instead of standard output.
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
}
