//! Syncs against a server that is a script: no network, no real judgement.

mod carried;
mod clock;
mod cut;
mod fill;
mod leave;
mod minutes;
mod persons;
mod pull;
mod push;
mod server;
mod steps;
mod world;
