//! A simulated world: seven devices, a server and a network between them, in one process, without real time.
//!
//! Everything is drawn from a seed: what people do, which requests are lost, doubled, late or cut, when programs die, when
//! a phone or the server is put back from an old copy, how clocks jump, how posts and bodies change, which files couriers carry and
//! how often. The replicas and the server are the real ones over real databases; only the wire, the clock and chance
//! are the world's. At the end everybody meets, and a checker says whether all that must stay true is true.

mod act;
mod check;
mod directory;
mod disk;
mod held;
mod key;
mod minutes;
mod net;
mod planted;
mod served;
mod site;
mod template;
mod world;

pub use planted::Planted;
pub use template::Template;

use rand::SeedableRng;
use rand::rngs::StdRng;
use world::World;

/// What a seed came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// What happened, a line for each step.
    pub trace: Vec<String>,
    /// What is not as it must be; none when all is well.
    pub violation: Option<String>,
    /// Commands that were done, and how many of them the server refused.
    pub commands: usize,
    /// Refused at the end, waiting for their authors.
    pub refused: usize,
}

/// Steps of one seed.
const STEPS: usize = 80;

/// Lets one seed happen. `planted`: a bug to be found.
pub fn run(template: &Template, seed: u64, planted: Option<Planted>) -> Outcome {
    let mut world = World::new(template, StdRng::seed_from_u64(seed), planted);
    let mut violation = None;
    for _ in 0..STEPS {
        if let Err(found) = world.step() {
            violation = Some(found);
            break;
        }
    }
    if violation.is_none() {
        violation = world.meet().and_then(|()| check::check(&mut world)).err();
    }
    if violation.is_some() {
        world.say_what_is_refused();
    }
    let (commands, refused) = world.counts();
    Outcome { trace: world.into_trace(), violation, commands, refused }
}
