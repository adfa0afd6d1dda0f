//! HTTP by ureq. Content coding is the syncer's: bytes are handed on as they travel.

use std::time::Duration;

use ureq::Agent;

use super::{Response, Transport, TransportError};

/// So long may a line be silent. A large push is judged in less.
const SILENCE: Duration = Duration::from_secs(60);

/// One server, over HTTP/1.1 with connections kept open between requests.
#[derive(Debug)]
pub struct HttpTransport {
    agent: Agent,
    base: String,
}

impl HttpTransport {
    /// To a server's address (`https://…`), with or without a slash at the end.
    pub fn new(url: &str) -> Self {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .user_agent(concat!("langnghe/", env!("CARGO_PKG_VERSION")))
            .timeout_connect(Some(Duration::from_secs(20)))
            // A large push is judged whole before the first byte comes back.
            .timeout_recv_response(Some(Duration::from_secs(180)))
            // A line that has gone silent is a cut line: nobody shall wait for it, and nothing else can be done meanwhile.
            .timeout_per_read(Some(SILENCE))
            .timeout_per_write(Some(SILENCE))
            // A first fill over a slow link takes long; what came before a cut is kept.
            .timeout_recv_body(Some(Duration::from_secs(1800)))
            .build();
        Self { agent: config.new_agent(), base: url.trim_end_matches('/').to_owned() }
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    fn failed(&self, error: &ureq::Error) -> TransportError {
        TransportError { detail: format!("{}: {error}", self.base) }
    }
}

impl Transport for HttpTransport {
    fn post(&mut self, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Result<Response, TransportError> {
        let mut request = self.agent.post(self.url(path));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.send(body).map(response).map_err(|e| self.failed(&e))
    }

    fn get(&mut self, path: &str, headers: &[(&str, &str)]) -> Result<Response, TransportError> {
        let mut request = self.agent.get(self.url(path));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.call().map(response).map_err(|e| self.failed(&e))
    }
}

fn response(answer: ureq::http::Response<ureq::Body>) -> Response {
    let (head, body) = answer.into_parts();
    let headers = head.headers.iter();
    let headers = headers.map(|(n, v)| (n.as_str().to_owned(), String::from_utf8_lossy(v.as_bytes()).into_owned()));
    Response { status: head.status.as_u16(), headers: headers.collect(), body: Box::new(body.into_reader()) }
}
