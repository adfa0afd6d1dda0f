//! A petition's hamlet lies in its commune: otherwise it would open one commune's register to another's people.

use sync::model::petition::{Action, Facts, Field};
use sync::wire::RefusalCode;

use super::desk::{Desk, facts, refusal};

fn raised(by: &str, unit: &str, hamlet: &str) -> Facts {
    Facts { unit: unit.into(), hamlet: Some(hamlet.into()), ..facts(by, "a") }
}

/// What the gate says to each logged by itself; none if it takes it.
fn refused<const N: usize>(logged: [(&str, Facts); N]) -> [Option<RefusalCode>; N] {
    logged.map(|(user, facts)| {
        let mut desk = Desk::new();
        let log = desk.log(user, &facts);
        desk.push(user, log).err().map(refusal)
    })
}

#[test]
fn a_hamlet_of_another_commune_is_refused() {
    let elsewhere = [
        // The neighbours' hamlet would show its head a petition of this commune.
        ("lan", raised("cb", "xa", "other-ap")),
        // A hamlet's head would write into the neighbours' register, with the own hamlet as the ticket.
        ("tam", raised("ap", "other", "ap")),
    ];
    assert_eq!(refused(elsewhere), [Some(RefusalCode::BadValue), Some(RefusalCode::BadValue)]);
}

#[test]
fn a_hamlet_lies_in_its_commune_also_after_communes_were_joined() {
    let here = [
        ("lan", raised("cb", "xa", "ap")),
        ("tam", raised("ap", "xa", "ap")),
        // A commune that has gone up in this one, under its old name and with its hamlets.
        ("lan", raised("cb", "old", "ap")),
        ("lan", raised("cb", "xa", "old-ap")),
    ];
    assert_eq!(refused(here), [None; 4]);
}

fn correct(field: Field, value: &str) -> Action {
    Action::Correct { field, value: value.to_owned(), why: "ghi nhầm".to_owned() }
}

#[test]
fn a_correction_does_not_part_a_hamlet_from_its_commune() {
    let mut desk = Desk::new();
    let log = desk.log("lan", &raised("cb", "xa", "ap"));
    desk.push("lan", log).expect("logged");
    for wrong in [correct(Field::Hamlet, "other-ap"), correct(Field::Unit, "other")] {
        let wrong = desk.event("lan", "cb", wrong, None);
        assert_eq!(refusal(desk.push("lan", wrong).expect_err("a hamlet elsewhere")), RefusalCode::BadValue);
    }
    // Within the commune, also by the name it had before; and to the neighbours without the hamlet.
    let steps = [
        correct(Field::Hamlet, "old-ap"),
        correct(Field::Unit, "old"),
        correct(Field::Hamlet, ""),
        correct(Field::Unit, "other"),
    ];
    for right in steps {
        let right = desk.event("lan", "cb", right, None);
        desk.push("lan", right).expect("where it lies");
    }
}
