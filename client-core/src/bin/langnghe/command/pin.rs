//! `langnghe pin …`: what opens this replica.

use serde_json::json;

use crate::app::App;
use crate::args::PinCommand;
use crate::edge;
use crate::fault::Fault;
use crate::pin;

pub fn run(app: &App, command: PinCommand) -> Result<(), Fault> {
    let mut replica = app.open()?.replica;
    match (&command, replica.has_pin()) {
        (PinCommand::Set, true) => return Err(Fault::PinThere),
        (PinCommand::Change | PinCommand::Remove, false) => return Err(Fault::NoPin),
        _ => {}
    }
    let (pin, line) = match command {
        PinCommand::Set => (Some(pin::new()?), "Đã đặt mã PIN. Quên mã thì không ai mở được dữ liệu trên máy này.\n"),
        PinCommand::Change => (Some(pin::new()?), "Đã đổi mã PIN.\n"),
        PinCommand::Remove => (None, "Đã bỏ mã PIN: từ nay ai lấy được máy này thì đọc được dữ liệu.\n"),
    };
    replica.set_pin(pin.as_ref(), &mut edge::random)?;
    app.show(&json!({ "pin": replica.has_pin() }), |_| line.to_owned());
    Ok(())
}
