//! The dependency arrows of the house, `web → client-core → sync ← server`, checked against what cargo resolved.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fmt;

use crate::metadata::{Metadata, Package};

/// What a room may depend on among the other rooms.
#[derive(Clone, Copy)]
enum Sight {
    All,
    Only(&'static [&'static str]),
}

/// Every member of the workspace and the rooms it may see. A new member gets its line here and in
/// docs/architecture.md. As each arrow between members is held to this table, so is every chain of them.
const ROOMS: [(&str, Sight); 8] = [
    ("sync", Sight::Only(&[])),
    ("client-core", Sight::Only(&["sync"])),
    ("server", Sight::Only(&["sync"])),
    ("web", Sight::Only(&["client-core", "sync"])),
    ("langnghe", Sight::All),
    ("sim", Sight::Only(&["client-core", "server", "sync"])),
    ("xtask", Sight::All),
    ("bench", Sight::All),
];

/// The room without IO, clock and randomness.
const PURE: &str = "sync";
/// Crates that do IO: neither `sync` nor anything it is built of may bring them in.
const IO: [&str; 4] = ["axum", "rusqlite", "tokio", "ureq"];
/// Sources of randomness: Automerge holds them for itself, so only `sync`'s own manifest is held to this.
const RANDOM: [&str; 2] = ["getrandom", "rand"];

/// Something the plan of the house forbids.
#[derive(Debug, PartialEq, Eq)]
pub enum Breach {
    /// A member sees another that it must not.
    Arrow {
        /// Who depends.
        from: String,
        /// On whom.
        to: String,
    },
    /// `sync` reaches a crate it must do without; the way there, `sync` first.
    Impure(Vec<String>),
    /// A member that the table does not name.
    Unplaced(String),
}

impl fmt::Display for Breach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Arrow { from, to } => match sight(from) {
                Some(Sight::Only(seen)) if !seen.is_empty() => {
                    write!(f, "{from} → {to}: {from} may see only {}", seen.join(", "))
                }
                _ => write!(f, "{from} → {to}: {from} may see no other room"),
            },
            Self::Impure(way) => {
                write!(f, "{}: {PURE} is without IO, clock and randomness", way.join(" → "))
            }
            Self::Unplaced(name) => {
                write!(f, "{name}: has no place in the table of xtask/src/arrows.rs yet")
            }
        }
    }
}

/// All breaches, in a settled order; none when the house stands as planned.
pub fn breaches(metadata: &Metadata) -> Vec<Breach> {
    let members = members(metadata);
    let names: BTreeSet<&str> = members.iter().map(|member| member.name.as_str()).collect();
    let mut found = Vec::new();
    for member in &members {
        let Some(sight) = sight(&member.name) else {
            found.push(Breach::Unplaced(member.name.clone()));
            continue;
        };
        let asked: BTreeSet<&str> = member.dependencies.iter().map(|asked| asked.name.as_str()).collect();
        for to in asked.intersection(&names) {
            if !sight.reaches(to) {
                found.push(Breach::Arrow { from: member.name.clone(), to: (*to).to_owned() });
            }
        }
    }
    for member in members.iter().filter(|member| member.name == PURE) {
        found.extend(impurities(metadata, member));
    }
    found
}

impl Sight {
    fn reaches(self, room: &str) -> bool {
        match self {
            Self::All => true,
            Self::Only(rooms) => rooms.contains(&room),
        }
    }
}

fn sight(room: &str) -> Option<Sight> {
    ROOMS.iter().find(|(name, _)| *name == room).map(|(_, sight)| *sight)
}

fn members(metadata: &Metadata) -> Vec<&Package> {
    let ours = |package: &&Package| metadata.workspace_members.contains(&package.id);
    let mut members: Vec<&Package> = metadata.packages.iter().filter(ours).collect();
    members.sort_by(|a, b| a.name.cmp(&b.name));
    members
}

/// What the pure room asks for itself (tests included), then what comes in through others (tests not).
fn impurities(metadata: &Metadata, pure: &Package) -> Vec<Breach> {
    let asked = pure.dependencies.iter().map(|asked| asked.name.as_str());
    let own: BTreeSet<&str> = asked.filter(|name| IO.contains(name) || RANDOM.contains(name)).collect();
    let through = ways(metadata, pure).into_iter().filter(|way| {
        let last = way.last().map_or("", String::as_str);
        IO.contains(&last) && !own.contains(last)
    });
    let own_ways = own.iter().map(|name| vec![pure.name.clone(), (*name).to_owned()]);
    own_ways.chain(through).map(Breach::Impure).collect()
}

/// The shortest way from `start` to each package that its product (not its tests) is built of, as names.
fn ways(metadata: &Metadata, start: &Package) -> Vec<Vec<String>> {
    let named: BTreeMap<&str, &str> =
        metadata.packages.iter().map(|package| (package.id.as_str(), package.name.as_str())).collect();
    let nodes: BTreeMap<&str, _> = metadata.resolve.nodes.iter().map(|node| (node.id.as_str(), node)).collect();
    let mut seen = BTreeSet::from([start.id.as_str()]);
    let mut waiting = VecDeque::from([(start.id.as_str(), vec![start.name.clone()])]);
    let mut ways = Vec::new();
    while let Some((id, way)) = waiting.pop_front() {
        let edges = nodes.get(id).map_or(&[][..], |node| &node.deps);
        for edge in edges.iter().filter(|edge| !edge.is_dev_only()) {
            if seen.insert(&edge.pkg) {
                let name = named.get(edge.pkg.as_str()).copied().unwrap_or(&edge.pkg);
                let mut longer = way.clone();
                longer.push(name.to_owned());
                ways.push(longer.clone());
                waiting.push_back((&edge.pkg, longer));
            }
        }
    }
    ways
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A workspace in cargo's own words, from `package → [dependency, …]`; a dependency after `dev:` is for
    /// tests only, a package before `*` is not a member.
    fn house(plan: &[(&str, &[&str])]) -> Metadata {
        let name = |written: &str| written.trim_start_matches("dev:").trim_end_matches('*').to_owned();
        let id = |written: &str| format!("path+file:///house/{}#0.1.0", name(written));
        let packages: Vec<_> = plan
            .iter()
            .map(|(package, asked)| {
                let asked: Vec<_> = asked.iter().map(|asked| serde_json::json!({ "name": name(asked) })).collect();
                serde_json::json!({ "id": id(package), "name": name(package), "dependencies": asked })
            })
            .collect();
        let nodes: Vec<_> = plan
            .iter()
            .map(|(package, asked)| {
                let edge = |asked: &&str| {
                    let kind = asked.starts_with("dev:").then_some("dev");
                    serde_json::json!({ "pkg": id(asked), "dep_kinds": [{ "kind": kind, "target": null }] })
                };
                let deps: Vec<_> = asked.iter().map(edge).collect();
                serde_json::json!({ "id": id(package), "deps": deps })
            })
            .collect();
        let members: Vec<_> = plan.iter().filter(|(package, _)| !package.ends_with('*')).collect();
        let members: Vec<_> = members.iter().map(|(package, _)| id(package)).collect();
        serde_json::from_value(serde_json::json!({
            "packages": packages,
            "workspace_members": members,
            "target_directory": "/house/target",
            "resolve": { "nodes": nodes },
        }))
        .expect("the metadata is well-formed")
    }

    fn said(plan: &[(&str, &[&str])]) -> Vec<String> {
        breaches(&house(plan)).iter().map(Breach::to_string).collect()
    }

    #[test]
    fn the_planned_house_stands() {
        let plan: &[(&str, &[&str])] = &[
            ("sync", &["automerge", "dev:proptest"]),
            ("client-core", &["sync", "rusqlite"]),
            ("server", &["sync", "tokio"]),
            ("langnghe", &["dev:client-core", "dev:server", "dev:sync"]),
            ("xtask", &["client-core", "server"]),
            ("automerge*", &["getrandom", "rand"]),
            ("proptest*", &["tokio"]),
        ];
        assert_eq!(said(plan), Vec::<String>::new());
    }

    #[test]
    fn client_core_and_server_never_see_each_other() {
        let plan: &[(&str, &[&str])] =
            &[("sync", &[]), ("client-core", &["sync", "dev:server"]), ("server", &["client-core", "sync"])];
        assert_eq!(
            said(plan),
            ["client-core → server: client-core may see only sync", "server → client-core: server may see only sync"]
        );
    }

    #[test]
    fn a_room_between_opens_no_way() {
        let plan: &[(&str, &[&str])] =
            &[("client-core", &["hallway"]), ("hallway", &["server"]), ("server", &["sync"]), ("sync", &[])];
        assert_eq!(
            said(plan),
            [
                "client-core → hallway: client-core may see only sync",
                "hallway: has no place in the table of xtask/src/arrows.rs yet"
            ]
        );
    }

    #[test]
    fn sync_sees_no_room_and_does_no_io() {
        let plan: &[(&str, &[&str])] = &[
            ("sync", &["server", "rusqlite", "dev:rand", "helper"]),
            ("server", &[]),
            ("helper*", &["deeper"]),
            ("deeper*", &["tokio", "rusqlite", "getrandom"]),
            ("tokio*", &[]),
            ("rusqlite*", &[]),
        ];
        assert_eq!(
            said(plan),
            [
                "sync → server: sync may see no other room",
                "sync → rand: sync is without IO, clock and randomness",
                "sync → rusqlite: sync is without IO, clock and randomness",
                "sync → helper → deeper → tokio: sync is without IO, clock and randomness",
            ]
        );
    }
}
