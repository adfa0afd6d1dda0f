//! Same changes, same truth: people work apart on five replicas, over links that are cut, lose answers and deliver twice.
//! Whoever has the same heads sees the same; the server, made again from its log, counts the same.
//!
//! The replicas are the real ones, the server is the real one, in this process so that many days cost little.

mod support;

#[path = "convergence/world.rs"]
mod world;

use std::collections::BTreeMap;

use proptest::prelude::*;
use support::Fault;
use world::{Site, World};

/// What somebody does next.
#[derive(Debug, Clone)]
enum Step {
    /// Logs a petition; some are long, so that a response has several frames.
    Log { site: usize, long: bool },
    /// Something happens to one of the petitions the site holds: the first thing from `action` on that its post may do.
    Touch { site: usize, petition: usize, action: usize },
    /// Syncs, over a link with a fault.
    Sync { site: usize, fault: Fault },
}

fn step() -> impl Strategy<Value = Step> {
    let site = 0..Site::ALL.len();
    let fault = prop_oneof![
        4 => Just(Fault::None),
        2 => prop_oneof![0..400_u64, 0..40_000_u64].prop_map(Fault::Cut),
        1 => Just(Fault::AnswerLost),
        1 => Just(Fault::SentTwice),
        1 => Just(Fault::Down),
    ];
    prop_oneof![
        1 => (0..3_usize, prop::bool::weighted(0.2)).prop_map(|(site, long)| Step::Log { site, long }),
        14 => (site.clone(), any::<prop::sample::Index>(), 0..world::ACTIONS)
            .prop_map(|(site, petition, action)| Step::Touch { site, petition: petition.index(64), action }),
        5 => (site, fault).prop_map(|(site, fault)| Step::Sync { site, fault }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 64,
        max_shrink_iters: 100,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn equal_heads_are_equal_truth(steps in prop::collection::vec(step(), 30..70), seed in any::<u64>()) {
        let mut world = World::new(seed);
        // Something that everybody holds, so that there is something to part over.
        world.log(0, false);
        world.log(1, false);
        world.refer_all();
        world.meet();
        for step in &steps {
            match *step {
                Step::Log { site, long } => world.log(site, long),
                Step::Touch { site, petition, action } => world.touch(site, petition, action),
                Step::Sync { site, fault } => world.sync(site, fault),
            }
        }
        // While apart: whoever happens to have the same heads of a record reads the same of it.
        agree(&world);
        world.meet();
        agree(&world);
        // Together: whoever holds a record holds what the server holds.
        let server = world.on_the_server();
        for site in 0..Site::ALL.len() {
            prop_assert_eq!(world.waiting(site), (0, 0), "site {}: pending, refused", site);
            for (record, seen) in world.held(site) {
                prop_assert_eq!(Some(&seen.heads), server.get(&record).map(|s| &s.heads), "site {}, {}", site, record);
                prop_assert_eq!(Some(&seen.status), server.get(&record).map(|s| &s.status), "site {}, {}", site, record);
            }
        }
        // The office holds all of it, the bodies what lies with them and nothing else.
        prop_assert_eq!(world.held(1).len(), server.len());
        for (site, body) in [(3, "kt"), (4, "vh")] {
            let held: Vec<_> = world.held(site).into_keys().collect();
            let lies_there: Vec<_> = server.iter().filter(|(_, s)| s.bodies.iter().any(|b| b == body)).map(|(r, _)| *r).collect();
            prop_assert_eq!(held, lies_there, "{}", body);
        }
        // Every change once more, in another order, some twice: the same document.
        world.replay_in_another_order(seed);
        // Every row and every figure once more from the accepted changes alone.
        let before = world.figures();
        world.rebuild();
        prop_assert_eq!(before, world.figures());
    }
}

/// Equal heads, equal reading, for each pair of sites.
fn agree(world: &World) {
    let mut first: BTreeMap<_, (usize, serde_json::Value)> = BTreeMap::new();
    for site in 0..Site::ALL.len() {
        for (record, seen) in world.held(site) {
            let (other, read) = first.entry((record, seen.heads)).or_insert_with(|| (site, seen.read.clone()));
            assert_eq!(*read, seen.read, "{record} at {other} and at {site}");
        }
    }
}
