//! What petitions are counted under: codes and names, with successions followed.

use std::collections::HashMap;

use jiff::civil::Date;
use sync::id::{BodyId, CategoryId, OfficeId, UnitId};
use sync::model::directory::{Codes, Directory};
use sync::model::petition::{Channel, Kind};

use super::query::By;
use super::words;
use crate::projection::{Place, ProjectionError};

/// A petition's keys, one for each breakdown in the order of [`By::ALL`]: numbers into [`Keys::of`].
pub(super) type Spot = [u32; 5];

/// A place's number among those met.
pub(super) type PlaceNo = u32;

/// A place, looked up once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Placed {
    /// Legal kind.
    pub(super) kind: Kind,
    /// The category's number among those met; 0 is none.
    pub(super) category: u32,
    /// Its keys at the month's start; none when its unit is of no office asked for.
    pub(super) start: Option<Spot>,
    /// The same at its end.
    pub(super) end: Option<Spot>,
}

/// One key of a breakdown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Key {
    /// The code; none for what is under nothing.
    pub(super) key: Option<String>,
    /// Its name.
    pub(super) name: String,
    /// For units: looked after by one of the offices asked for, at the month's start and at its end.
    pub(super) within: (bool, bool),
}

/// The number of the key for petitions whose referral is contested, among bodies.
const CONTESTED: u32 = 1;

/// Every key met.
#[derive(Debug)]
pub(super) struct Keys<'d> {
    directory: &'d Directory,
    /// The last day before the month, and its own last day.
    days: (Date, Date),
    offices: Option<Vec<OfficeId>>,
    units: Dimension,
    bodies: Dimension,
    categories: Dimension,
    channels: Vec<Key>,
    kinds: Vec<Key>,
    /// Places met, and their numbers by text.
    places: Vec<Placed>,
    numbers: HashMap<String, PlaceNo>,
}

#[derive(Debug)]
struct Dimension {
    raw: HashMap<String, u32>,
    /// Raw number → id, and the keys' numbers at the start and at the end.
    ids: Vec<(String, u32, u32)>,
    resolved: HashMap<String, u32>,
    keys: Vec<Key>,
}

impl Dimension {
    fn new(none: &[(Option<&str>, &str)]) -> Self {
        let key = |(key, name): &(Option<&str>, &str)| Key {
            key: key.map(str::to_owned),
            name: (*name).to_owned(),
            within: (false, false),
        };
        Self {
            raw: HashMap::new(),
            ids: vec![(String::new(), 0, 0)],
            resolved: HashMap::new(),
            keys: none.iter().map(key).collect(),
        }
    }

    fn number(&mut self, id: &str, add: impl Fn(&mut Self, &str, bool) -> u32) -> u32 {
        if let Some(number) = self.raw.get(id) {
            return *number;
        }
        let (start, end) = (add(self, id, true), add(self, id, false));
        let number = u32::try_from(self.ids.len()).unwrap_or(u32::MAX);
        self.ids.push((id.to_owned(), start, end));
        self.raw.insert(id.to_owned(), number);
        number
    }

    fn spot(&self, raw: u32, at_start: bool) -> u32 {
        self.ids.get(raw as usize).map_or(0, |(_, start, end)| if at_start { *start } else { *end })
    }
}

impl<'d> Keys<'d> {
    /// `days`: the last day before the month and the last day in it, on which successions are followed.
    pub(super) fn new(directory: &'d Directory, days: (Date, Date), offices: Option<Vec<OfficeId>>) -> Self {
        let key =
            |word: &str, name: &str| Key { key: Some(word.to_owned()), name: name.to_owned(), within: (true, true) };
        Self {
            directory,
            days,
            offices,
            units: Dimension::new(&[(None, words::NO_UNIT)]),
            bodies: Dimension::new(&[(None, words::NO_BODY), (Some("contested"), words::CONTESTED)]),
            categories: Dimension::new(&[(None, words::NO_CATEGORY)]),
            channels: Channel::ALL.iter().map(|c| key(c.as_str(), words::channel(*c))).collect(),
            kinds: Kind::ALL.iter().map(|k| key(k.as_str(), words::kind(*k))).collect(),
            places: Vec::new(),
            numbers: HashMap::new(),
        }
    }

    /// The number of a place, by its text in the rows.
    pub(super) fn number(&mut self, text: &str) -> Result<PlaceNo, ProjectionError> {
        if let Some(number) = self.numbers.get(text) {
            return Ok(*number);
        }
        let placed = self.look_up(&Place::read(text)?);
        let number = u32::try_from(self.places.len()).unwrap_or(u32::MAX);
        self.places.push(placed);
        self.numbers.insert(text.to_owned(), number);
        Ok(number)
    }

    /// The place with a number that [`Keys::number`] gave.
    pub(super) fn place(&self, number: PlaceNo) -> Placed {
        self.places[number as usize]
    }

    fn look_up(&mut self, place: &Place<'_>) -> Placed {
        let (directory, days) = (self.directory, self.days);
        let unit = self.unit(&place.unit);
        let body = place.body.as_ref().map_or(0, |body| {
            self.bodies.number(body, |d, id, at_start| {
                let id = BodyId::from(id);
                let now = only(directory.current_bodies(&id, if at_start { days.0 } else { days.1 }), id);
                let found = directory.body(&now);
                let name = found.map(|b| b.name.as_str());
                d.key(named(name, found, directory.bodies(), now.as_str(), days.1), (true, true))
            })
        });
        let category = place.category.as_ref().map_or(0, |category| {
            self.categories.number(category, |d, id, at_start| {
                let id = CategoryId::from(id);
                let now = only(directory.current_categories(&id, if at_start { days.0 } else { days.1 }), id);
                let found = directory.category(&now);
                let name = found.map(|c| c.name.as_str());
                d.key(named(name, found, directory.categories(), now.as_str(), days.1), (true, true))
            })
        });
        let spot = |at_start: bool| {
            let unit = self.units.spot(unit, at_start);
            let (before, after) = self.units.keys.get(unit as usize).map_or((false, false), |key| key.within);
            let body = if place.contested { CONTESTED } else { self.bodies.spot(body, at_start) };
            let category = self.categories.spot(category, at_start);
            let within = if at_start { before } else { after };
            within.then_some([unit, body, category, place.channel as u32, place.kind as u32])
        };
        Placed { kind: place.kind, category, start: spot(true), end: spot(false) }
    }

    /// The number of a unit among those met.
    fn unit(&mut self, unit: &str) -> u32 {
        let (directory, days, offices) = (self.directory, self.days, self.offices.as_deref());
        let within = |unit: &UnitId, day: Date| {
            let of_unit = || directory.offices_of_unit(unit, day);
            offices.is_none_or(|asked| of_unit().iter().any(|o| asked.contains(o)))
        };
        self.units.number(unit, |d, id, at_start| {
            let id = UnitId::from(id);
            let now = only(directory.current_units(&id, if at_start { days.0 } else { days.1 }), id);
            let found = directory.unit(&now);
            let name = found.map(|u| u.name.as_str());
            let within = (within(&now, days.0), within(&now, days.1));
            d.key(named(name, found, directory.units(), now.as_str(), days.1), within)
        })
    }

    /// The id behind a category's number.
    pub(super) fn category_id(&self, raw: u32) -> Option<&str> {
        self.categories.ids.get(raw as usize).filter(|_| raw > 0).map(|(id, _, _)| id.as_str())
    }

    /// Every key of a breakdown, by number.
    pub(super) fn of(&self, by: By) -> &[Key] {
        match by {
            By::Unit => &self.units.keys,
            By::Body => &self.bodies.keys,
            By::Category => &self.categories.keys,
            By::Channel => &self.channels,
            By::Kind => &self.kinds,
        }
    }

    /// One key of a spot.
    pub(super) fn at(&self, spot: &Spot, by: By) -> Option<&Key> {
        self.of(by).get(spot[by.index()] as usize)
    }

    /// Whether a unit, on the month's last day, is of one of the offices asked for.
    pub(super) fn unit_within(&mut self, unit: &str) -> bool {
        let unit = self.unit(unit);
        self.units.keys.get(self.units.spot(unit, false) as usize).is_some_and(|key| key.within.1)
    }
}

impl Dimension {
    /// The number of a resolved entry's key. Two entries never share one: the second bearer of a code goes by its id.
    fn key(&mut self, Named { id, code, name }: Named, within: (bool, bool)) -> u32 {
        if let Some(number) = self.resolved.get(&id) {
            return *number;
        }
        let taken = self.keys.iter().any(|k| k.key.as_deref() == Some(&code));
        let number = u32::try_from(self.keys.len()).unwrap_or(u32::MAX);
        self.keys.push(Key { key: Some(if taken { id.clone() } else { code }), name, within });
        self.resolved.insert(id, number);
        number
    }
}

/// What stands in an entry's place, where that is exactly one; else the entry itself.
fn only<I>(current: Vec<I>, itself: I) -> I {
    match <[I; 1]>::try_from(current) {
        Ok([one]) => one,
        Err(_) => itself,
    }
}

/// What an entry is called.
struct Named {
    id: String,
    code: String,
    name: String,
}

/// The code and name of an entry. Codes are used again with another meaning: one that has ended goes by its id when
/// another bears its code on the day. What the directory does not know goes by its id.
fn named<'a, T: Codes + 'a>(
    name: Option<&str>,
    entry: Option<&T>,
    all: impl Iterator<Item = &'a T>,
    id: &str,
    day: Date,
) -> Named {
    let id = id.to_owned();
    let Some(entry) = entry else { return Named { code: id.clone(), name: id.clone(), id } };
    let ended = !entry.valid().contains(day);
    let replaced =
        ended && all.into_iter().any(|o| o.code() == entry.code() && o.id() != entry.id() && o.valid().contains(day));
    let code = if replaced { id.clone() } else { entry.code().to_owned() };
    Named { name: name.map_or_else(|| code.clone(), str::to_owned), id, code }
}
