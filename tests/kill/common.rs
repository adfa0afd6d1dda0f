//! What all devices write on, and what can be read of it in one place.

use std::collections::{BTreeMap, BTreeSet};

use crate::support::{Json, Replica, list, text};

/// The petitions and sessions that every device holds.
#[derive(Debug)]
pub struct Common {
    pub petitions: Vec<String>,
    pub sessions: Vec<String>,
}

const PETITION: &str = "Đơn chung, ai cũng ghi ý kiến vào";

impl Common {
    /// Each device opens one of each; then all have all.
    pub fn start<'a>(replicas: impl Iterator<Item = &'a Replica> + Clone) -> Self {
        let mut common = Self { petitions: Vec::new(), sessions: Vec::new() };
        for replica in replicas.clone() {
            common.petitions.push(replica.log(PETITION, &["--unit", "30904"]));
            let opened = replica.run(&["session", "log", "--kind", "dialogue", "--unit", "30904"]);
            common.sessions.push(text(&opened, "id").to_owned());
            replica.sync();
        }
        replicas.for_each(|r| drop(r.sync()));
        common
    }
}

/// Every petition, comment and paragraph of minutes that a replica shows, and how often.
pub struct Found {
    petitions: Vec<Json>,
    said: BTreeMap<String, usize>,
}

impl Found {
    /// Reads it all.
    pub fn at(replica: &Replica, common: &Common) -> Self {
        let listed = replica.run(&["petition", "list", "--limit", "1000000"]);
        let mut petitions = list(&listed).to_vec();
        petitions.sort_by(|a, b| text(a, "id").cmp(text(b, "id")));
        let mut said: BTreeMap<String, usize> = BTreeMap::new();
        let mut add = |words: &str| *said.entry(words.to_owned()).or_default() += 1;
        petitions.iter().map(|p| text(p, "text")).filter(|t| *t != PETITION).for_each(&mut add);
        for id in &common.petitions {
            let shown = replica.show(id);
            list(&shown["events"]).iter().map(|e| text(e, "text")).for_each(&mut add);
        }
        for id in &common.sessions {
            let shown = replica.run(&["session", "show", id]);
            text(&shown, "minutes").lines().for_each(&mut add);
        }
        Self { petitions, said }
    }

    /// How many petitions there are.
    pub fn petitions(&self) -> u64 {
        self.petitions.len() as u64
    }

    /// Each of these is there whole, and no more than once.
    pub fn each_once(&self, words: &[String], why: &str) {
        for word in words {
            let times = self.said.get(word).copied().unwrap_or_default();
            assert_eq!(times, 1, "{why}, but it is there {times} times: {word:.60}");
        }
    }

    /// Both are the same, down to how each petition is listed.
    pub fn same_as(&self, other: &Self, who: &str) {
        let only = |a: &Self, b: &Self| {
            let missing = a.said.iter().filter(|(said, times)| b.said.get(*said) != Some(times));
            missing.map(|(said, times)| format!("{said:.30} × {times}")).collect::<Vec<_>>()
        };
        assert_eq!((only(self, other), only(other, self)), (vec![], vec![]), "{who}: only there, only in the office");
        for (one, other) in self.petitions.iter().zip(&other.petitions) {
            assert_eq!(one, other, "{who}");
        }
    }

    /// Nothing else is there, not even a part of something that was being done.
    pub fn none_unknown<'a>(&self, known: impl Iterator<Item = &'a [String]>) {
        let known: BTreeSet<&String> = known.flatten().collect();
        let unknown: Vec<_> = self.said.iter().filter(|(said, _)| !known.contains(said)).collect();
        assert!(unknown.is_empty(), "nobody's finished work: {unknown:?}");
    }
}
