//! Exchanges with the server, carried by the Worker's script: it fetches what it is given and hands back what comes, piece by
//! piece, and other calls are done between two pieces.

use std::path::Path;

use client_core::app::Fault;
use client_core::replica::Replica;
use client_core::syncer::{
    Ended, Enrolment, Exchange, Leaving, Method, Outgoing, Read, SignedRequest, Step, SyncError, SyncRun,
};
use client_core::transport::TransportError;
use client_core::vault::Pin;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::core::{Core, HOME, closed};
use crate::edge;
use crate::{json, thrown};

enum Kind {
    Sync(Box<SyncRun>),
    Enrolment(Box<Enrolment>),
    Request(SignedRequest),
    Leaving(Leaving),
    Over,
}

/// One exchange.
#[wasm_bindgen]
pub struct Carried {
    kind: Kind,
    outcome: Vec<u8>,
}

/// A request to be fetched.
#[wasm_bindgen]
pub struct Request(Outgoing);

#[wasm_bindgen]
impl Request {
    /// GET or POST.
    pub fn method(&self) -> String {
        self.0.method.as_str().to_owned()
    }

    /// From the server's root.
    pub fn path(&self) -> String {
        self.0.path.clone()
    }

    /// Name and value by turns. A browser undoes content coding by itself and lets no script ask for one.
    pub fn headers(&self) -> Vec<String> {
        let asked = |(name, value): &(&str, String)| {
            let name = if *name == "accept-encoding" { "x-langnghe-coding" } else { name };
            [name.to_owned(), value.clone()]
        };
        self.0.headers.iter().flat_map(asked).collect()
    }

    /// None of a GET.
    pub fn body(&self) -> Option<Vec<u8>> {
        (self.0.method == Method::Post).then(|| self.0.body.clone())
    }
}

/// Does something to whichever exchange it is, on what it is made on.
macro_rules! on {
    ($self:ident, $core:ident, |$exchange:ident, $on:ident| $do:expr) => {
        match &mut $self.kind {
            Kind::Enrolment($exchange) => {
                let $on = &mut ();
                $do
            }
            Kind::Sync($exchange) => {
                let $on = $core.replica.as_mut().ok_or_else(closed)?;
                $do
            }
            Kind::Request($exchange) => {
                let $on = $core.replica.as_mut().ok_or_else(closed)?;
                $do
            }
            Kind::Leaving($exchange) => {
                let $on = $core.replica.as_mut().ok_or_else(closed)?;
                $do
            }
            Kind::Over => return Err(over()),
        }
    };
}

fn over() -> String {
    thrown(Fault::not_understood("carried"))
}

impl Carried {
    fn of(kind: Kind) -> Self {
        Self { kind, outcome: Vec::new() }
    }
}

#[wasm_bindgen]
impl Carried {
    /// Pushes what waits and pulls what is new; comes to its report.
    pub fn sync(core: &mut Core) -> Result<Carried, String> {
        let replica = core.replica.as_mut().ok_or_else(closed)?;
        Ok(Self::of(Kind::Sync(Box::new(SyncRun::begin(replica)))))
    }

    /// Makes this browser a device, by a code. `url`: the server's, as the person knows it; the replica is open when it has
    /// come to its end.
    pub fn enrol(core: &mut Core, url: &str, code: &str, pin: Option<String>) -> Result<Carried, String> {
        if core.replica.is_some() {
            return Err(over());
        }
        sync::enrolment_code::check(code)
            .map_err(|mistake| thrown(Fault::new("enrolment-code", client_core::message::enrolment_code(mistake))))?;
        let pin = pin.as_deref().map(Pin::chosen).transpose().map_err(thrown)?;
        let begun = Enrolment::begin(Path::new(HOME), url, code, pin.as_ref(), edge::clock(), &mut edge::random);
        Ok(Self::of(Kind::Enrolment(Box::new(begun.map_err(thrown)?))))
    }

    /// A signed GET, such as a report's.
    pub fn get(path: &str) -> Carried {
        Self::of(Kind::Request(SignedRequest::get(path)))
    }

    /// A signed POST that is not a sync, such as a token's.
    pub fn submit(path: &str) -> Carried {
        Self::of(Kind::Request(SignedRequest::submit(path)))
    }

    /// Hands what was not sent over to the server, as this device was shut out, and forgets everything.
    pub fn leave() -> Carried {
        Self::of(Kind::Leaving(Leaving::default()))
    }

    /// The next request; none when it has come to its end.
    pub fn next(&mut self, core: &mut Core) -> Result<Option<Request>, String> {
        let (now, chance) = (edge::clock(), &mut edge::random);
        let sent = |outgoing| Ok(Some(Request(outgoing)));
        match std::mem::replace(&mut self.kind, Kind::Over) {
            Kind::Sync(mut run) => {
                match run.next(core.replica.as_mut().ok_or_else(closed)?, now, chance).map_err(thrown)? {
                    Step::Send(outgoing) => {
                        self.kind = Kind::Sync(run);
                        sent(outgoing)
                    }
                    Step::Done(report) => {
                        self.outcome = json(&report).into_bytes();
                        Ok(None)
                    }
                }
            }
            Kind::Enrolment(mut enrolment) => match enrolment.next(&mut (), now, chance).map_err(thrown)? {
                Step::Send(outgoing) => {
                    self.kind = Kind::Enrolment(enrolment);
                    sent(outgoing)
                }
                Step::Done(replica) => {
                    core.replica = Some(replica);
                    Ok(None)
                }
            },
            Kind::Request(mut request) => {
                match request.next(core.replica.as_mut().ok_or_else(closed)?, now, chance).map_err(thrown)? {
                    Step::Send(outgoing) => {
                        self.kind = Kind::Request(request);
                        sent(outgoing)
                    }
                    Step::Done(bytes) => {
                        self.outcome = bytes;
                        Ok(None)
                    }
                }
            }
            Kind::Leaving(mut leaving) => {
                match leaving.next(core.replica.as_mut().ok_or_else(closed)?, now, chance).map_err(thrown)? {
                    Step::Send(outgoing) => {
                        self.kind = Kind::Leaving(leaving);
                        sent(outgoing)
                    }
                    Step::Done(()) => {
                        let replica: Replica = core.replica.take().ok_or_else(closed)?;
                        leaving.forget(replica).map_err(thrown)?;
                        Ok(None)
                    }
                }
            }
            Kind::Over => Err(over()),
        }
    }

    /// The answer begins. `headers`: name and value by turns.
    pub fn head(&mut self, core: &mut Core, status: u16, headers: Vec<String>) -> Result<(), String> {
        // What the browser has undone is not to be undone again.
        let pairs = headers.chunks_exact(2).filter(|pair| pair[0] != "content-encoding");
        let headers: Vec<(String, String)> = pairs.map(|pair| (pair[0].clone(), pair[1].clone())).collect();
        on!(self, core, |exchange, on| exchange.head(on, status, &headers)).map_err(thrown)
    }

    /// The next bytes of it; gives whether more are wanted.
    pub fn body(&mut self, core: &mut Core, bytes: &[u8]) -> Result<bool, String> {
        let (now, chance) = (edge::clock(), &mut edge::random);
        let read = on!(self, core, |exchange, on| exchange.body(on, bytes, now, chance)).map_err(thrown)?;
        Ok(read == Read::On)
    }

    /// Nothing more comes: it was whole, or it was cut.
    pub fn end(&mut self, core: &mut Core, whole: bool) -> Result<(), String> {
        self.ended(core, if whole { Ended::Whole } else { Ended::Cut })
    }

    /// No answer came at all.
    pub fn unreachable(&mut self, core: &mut Core, detail: &str) -> Result<(), String> {
        self.ended(core, Ended::Unreachable(TransportError { detail: detail.to_owned() }))
    }

    /// How far a sync has come, as JSON; nothing of another exchange.
    pub fn progress(&self, core: &Core) -> Option<String> {
        match (&self.kind, &core.replica) {
            (Kind::Sync(run), Some(replica)) => run.progress(replica).ok().map(|progress| json(&progress)),
            _ => None,
        }
    }

    /// What it came to: a sync's report, an answer's bytes.
    pub fn outcome(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.outcome)
    }

    fn ended(&mut self, core: &mut Core, ended: Ended) -> Result<(), String> {
        let (now, chance) = (edge::clock(), &mut edge::random);
        let done: Result<(), SyncError> = on!(self, core, |exchange, on| exchange.end(on, ended, now, chance));
        done.map_err(thrown)
    }
}
