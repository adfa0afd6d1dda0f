//! What is kept of a person, for that person: one file that answers a request by the data's subject.

mod answer;
mod gather;
mod office;
mod page;
mod readings;

pub use answer::{
    Happening, LAW, OwnData, OwnPerson, OwnPetition, OwnReading, OwnVersion, Seen, SeenFrom, Source, TheirFacts,
};
pub use gather::gather;
pub use page::page;
pub use readings::{AuditLine, MAX_AUDIT_BYTES, NotAnAudit, audit};

#[cfg(test)]
mod tests;
