//! Syncs against a server that is a script: no network, no real judgement.

mod clock;
mod cut;
mod fill;
mod minutes;
mod persons;
mod pull;
mod push;
mod server;
mod world;
