//! The PIN, from the environment or from whoever sits at the terminal.

use std::path::Path;

use client_core::replica::{Replica, ReplicaError};
use client_core::vault::Pin;

use crate::edge;
use crate::fault::Fault;

/// Opens a replica, with its PIN where it has one.
pub fn open(home: &Path) -> Result<Replica, Fault> {
    let given = edge::pin_variable("LANGNGHE_PIN")?.map(|text| Pin::typed(&text));
    match Replica::open(home, given.as_ref(), edge::clock(), &mut edge::random) {
        // Asked only now: the replica may have none, or may have to wait.
        Err(ReplicaError::PinNeeded) if edge::somebody_there() => {
            let typed = Pin::typed(&edge::ask_unseen("Mã PIN")?);
            Ok(Replica::open(home, Some(&typed), edge::clock(), &mut edge::random)?)
        }
        opened => Ok(opened?),
    }
}

/// The PIN for a new replica: none when nobody gives one.
pub fn at_enrolment() -> Result<Option<Pin>, Fault> {
    match edge::pin_variable("LANGNGHE_PIN")? {
        Some(text) => Ok(Some(Pin::chosen(&text)?)),
        None if edge::somebody_there() => {
            let text = ask_twice("Mã PIN cho máy này, từ 6 ký tự (để trống: không đặt)")?;
            if text.is_empty() { Ok(None) } else { Ok(Some(Pin::chosen(&text)?)) }
        }
        None => Ok(None),
    }
}

/// A new PIN for a replica.
pub fn new() -> Result<Pin, Fault> {
    match edge::pin_variable("LANGNGHE_NEW_PIN")? {
        Some(text) => Ok(Pin::chosen(&text)?),
        None if edge::somebody_there() => Ok(Pin::chosen(&ask_twice("Mã PIN mới, từ 6 ký tự")?)?),
        None => Err(Fault::NewPinNeeded),
    }
}

fn ask_twice(question: &str) -> Result<zeroize::Zeroizing<String>, Fault> {
    let once = edge::ask_unseen(question)?;
    // What will be refused need not be typed a second time.
    if once.is_empty() {
        return Ok(once);
    }
    Pin::chosen(&once)?;
    if edge::ask_unseen("Gõ lại lần nữa")? == once { Ok(once) } else { Err(Fault::PinTypedTwoWays) }
}
