//! What is written down, and how much of it one device may fill the audit with.

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AuditWhat {
    /// Who spoke was given to a device.
    IdentityRead,
    /// It was looked at on a device that holds it, which tells so itself.
    IdentityLooked,
    /// It was asked for and not given.
    IdentityDenied,
    /// A person was forgotten.
    IdentityErased,
    /// A petition's words were taken out.
    WordsErased,
    /// The operator had a code made for somebody.
    CodeIssued,
    /// A code was not taken.
    CodeRefused,
    /// A code became a device.
    DeviceEnrolled,
    /// A second person let a device in.
    DeviceApproved,
    /// A device was shut out.
    DeviceRevoked,
    /// A device signed in for some minutes of reading.
    TokenIssued,
    /// A change of the directory was taken that says who may do what, and where.
    RightsChanged,
    /// A change was not taken.
    ChangeRefused,
    /// A new tenant's key.
    KeyRotated,
    /// What a device left behind was read.
    QuarantineOpened,
    /// It was written to a file, sealed.
    QuarantineExported,
    /// It was let go of.
    QuarantineDiscarded,
    /// More lines of one kind than one device may fill were only counted.
    LeftOut,
}

/// How many lines one device may fill within [`MEASURE_MILLIS`]; what is beyond is only counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Measure {
    /// So many.
    pub lines: u32,
    /// Of each record, not of all together: what was given out must stand there for each.
    pub each_record: bool,
}

/// An hour.
pub const MEASURE_MILLIS: i64 = 60 * 60 * 1000;

impl AuditWhat {
    /// Each of them.
    pub const ALL: [AuditWhat; 18] = [
        AuditWhat::IdentityRead,
        AuditWhat::IdentityLooked,
        AuditWhat::IdentityDenied,
        AuditWhat::IdentityErased,
        AuditWhat::CodeIssued,
        AuditWhat::CodeRefused,
        AuditWhat::DeviceEnrolled,
        AuditWhat::DeviceApproved,
        AuditWhat::DeviceRevoked,
        AuditWhat::TokenIssued,
        AuditWhat::RightsChanged,
        AuditWhat::ChangeRefused,
        AuditWhat::KeyRotated,
        AuditWhat::QuarantineOpened,
        AuditWhat::QuarantineExported,
        AuditWhat::QuarantineDiscarded,
        AuditWhat::WordsErased,
        AuditWhat::LeftOut,
    ];

    /// As it is kept. To have looked is to have read; that it was on the device stands beside it.
    pub fn as_str(self) -> &'static str {
        match self {
            AuditWhat::IdentityRead | AuditWhat::IdentityLooked => "identity-read",
            AuditWhat::IdentityDenied => "identity-denied",
            AuditWhat::IdentityErased => "identity-erased",
            AuditWhat::CodeIssued => "code-issued",
            AuditWhat::CodeRefused => "code-refused",
            AuditWhat::DeviceEnrolled => "device-enrolled",
            AuditWhat::DeviceApproved => "device-approved",
            AuditWhat::DeviceRevoked => "device-revoked",
            AuditWhat::TokenIssued => "token-issued",
            AuditWhat::RightsChanged => "rights-changed",
            AuditWhat::ChangeRefused => "change-refused",
            AuditWhat::KeyRotated => "key-rotated",
            AuditWhat::QuarantineOpened => "quarantine-opened",
            AuditWhat::QuarantineExported => "quarantine-exported",
            AuditWhat::QuarantineDiscarded => "quarantine-discarded",
            AuditWhat::WordsErased => "words-erased",
            AuditWhat::LeftOut => "left-out",
        }
    }

    /// What a device can bring about as often as it likes has a measure, far above what people do; the operator's commands
    /// and what takes a person's decision have none.
    pub fn measure(self) -> Option<Measure> {
        let lines = match self {
            AuditWhat::IdentityRead => return Some(Measure { lines: 20, each_record: true }),
            AuditWhat::IdentityLooked => 600,
            AuditWhat::IdentityDenied | AuditWhat::ChangeRefused => 60,
            AuditWhat::TokenIssued => 20,
            // Those of all addresses together are measured before they come here.
            AuditWhat::CodeRefused
            | AuditWhat::IdentityErased
            | AuditWhat::WordsErased
            | AuditWhat::CodeIssued
            | AuditWhat::DeviceEnrolled
            | AuditWhat::DeviceApproved
            | AuditWhat::DeviceRevoked
            | AuditWhat::RightsChanged
            | AuditWhat::KeyRotated
            | AuditWhat::QuarantineOpened
            | AuditWhat::QuarantineExported
            | AuditWhat::QuarantineDiscarded
            | AuditWhat::LeftOut => return None,
        };
        Some(Measure { lines, each_record: false })
    }

    /// Under which name it is counted.
    pub(super) fn counted_as(self) -> &'static str {
        match self {
            AuditWhat::IdentityLooked => "identity-looked",
            other => other.as_str(),
        }
    }
}
