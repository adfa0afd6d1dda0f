//! Facts are written once; later values are folded from classify and correct events.

use crate::support::*;
use sync::model::petition::{ActionKind as K, *};

#[test]
fn corrections_are_folded_into_the_facts() {
    let values = [
        (Field::Unit, "30910"),
        (Field::Hamlet, "30910-th"),
        (Field::Category, "land"),
        (Field::Kind, "complaint"),
        (Field::Channel, "letter"),
        (Field::Text, "Đường ngập"),
        (Field::Place, "cầu số 2"),
        (Field::Urgent, "true"),
        (Field::Collective, "12"),
    ];
    assert_eq!(values.len(), Field::ALL.len());
    let closed = History::new().does(simple(K::File)).does(simple(K::Close));
    let history = values.iter().fold(closed, |h, (field, value)| h.does(correct(*field, value)));
    let now = history.now().now;
    assert_eq!((now.unit.as_str(), now.hamlet, now.category), ("30910", Some("30910-th".into()), Some("land".into())));
    assert_eq!((now.kind, now.channel, now.urgent, now.collective), (Kind::Complaint, Channel::Letter, true, Some(12)));
    assert_eq!((now.text.as_deref(), now.place.as_deref()), (Some("Đường ngập"), Some("cầu số 2")));
    assert!(history.fold().conflicts.is_empty(), "each correction had seen the one before");
}

#[test]
fn a_value_that_is_no_such_fact_has_no_effect() {
    let wrong = [
        (Field::Kind, "rumour"),
        (Field::Channel, "telegram"),
        (Field::Urgent, "rất gấp"),
        (Field::Collective, "-3"),
        (Field::Unit, ""),
        (Field::Text, ""),
    ];
    for (field, value) in wrong {
        let history = History::new().does(correct(field, value));
        assert_eq!(history.last_effect(), Effect::None(NoEffect::BadValue), "{field}");
        assert_eq!(history.now().now, History::new().now().now, "{field}");
    }
}

#[test]
fn corrections_made_apart_show_as_a_conflict_until_somebody_decides() {
    let base = History::new().does(simple(K::Receive));
    let one = base.apart(100).does(correct(Field::Unit, "30910"));
    let two = base.apart(200).does(correct(Field::Unit, "30928"));
    let met = one.join(two);
    let folded = met.fold();
    assert_eq!(folded.conflicts.get(&Field::Unit), Some(&vec!["30910".to_owned(), "30928".to_owned()]));
    assert_eq!(folded.last().now.unit.as_str(), "30928", "in force: the last in causal order");
    let decided = met.does(correct(Field::Unit, "30910"));
    assert!(decided.fold().conflicts.is_empty());
    assert_eq!(decided.now().now.unit.as_str(), "30910");
}

#[test]
fn the_same_correction_twice_or_of_two_facts_is_no_conflict() {
    let base = History::new();
    let apart = |a: Action, b: Action| base.apart(100).does(a).join(base.apart(200).does(b)).fold().conflicts;
    assert!(apart(correct(Field::Unit, "30910"), correct(Field::Unit, "30910")).is_empty());
    assert!(apart(correct(Field::Unit, "30910"), correct(Field::Urgent, "true")).is_empty());
    let kinds = apart(classify(Kind::Complaint, "land"), correct(Field::Kind, "proposal"));
    assert_eq!(kinds.keys().collect::<Vec<_>>(), [&Field::Kind], "classifying and correcting speak of one fact");
}
