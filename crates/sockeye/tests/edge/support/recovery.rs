//! Clients that come back: the answer to their CONNECT, and what comes before it.

use std::time::Duration;

use serde_json::{Value, json};
use sockeye::{Builder, Namespace, Recovery, Sockeye};

use super::{Got, Peer, Server, Via};

/// A client that has joined `/`, where recovery is on.
#[derive(Debug)]
pub(crate) struct Comer {
    pub(crate) peer: Peer,
    pub(crate) id: String,
    pub(crate) pid: String,
    /// What came before the answer.
    pub(crate) missed: Vec<Got>,
}

/// An event as a client sees it: its text without the offset, and the offset.
pub(crate) fn event(got: &Got) -> (String, String) {
    let Got::Packet(packet) = got else { panic!("no packet: {got:?}") };
    let (rest, offset) = packet.rsplit_once(",\"").unwrap_or_else(|| panic!("no offset: {packet}"));
    let offset = offset.strip_suffix("\"]").unwrap_or_else(|| panic!("no offset: {packet}"));
    assert_eq!(offset.len(), 20, "{packet}");
    (format!("{rest}]"), offset.to_owned())
}

impl Comer {
    /// Comes for the first time.
    pub(crate) async fn new(server: &Server, via: Via) -> Self {
        Self::with(server, via, &json!({})).await
    }

    /// Comes with this auth payload.
    pub(crate) async fn with(server: &Server, via: Via, auth: &Value) -> Self {
        let mut peer = Peer::open(server, via).await;
        peer.send(&format!("40{auth}")).await;
        let mut missed = Vec::new();
        loop {
            match peer.next().await {
                Got::Packet(answer) if answer.starts_with("40{") => {
                    let answer: Value = serde_json::from_str(&answer[2..]).unwrap();
                    let text = |name: &str| answer[name].as_str().unwrap().to_owned();
                    let (id, pid) = (text("sid"), text("pid"));
                    assert_eq!(answer.as_object().unwrap().len(), 2, "{answer}");
                    return Self { peer, id, pid, missed };
                }
                Got::Closed => panic!("closed before an answer"),
                other => missed.push(other),
            }
        }
    }

    /// Comes back with what a client like this one shows.
    pub(crate) async fn again(server: &Server, via: Via, pid: &str, offset: Option<&str>) -> Self {
        let mut auth = json!({ "pid": pid });
        if let Some(offset) = offset {
            auth["offset"] = json!(offset);
        }
        Self::with(server, via, &auth).await
    }

    /// Reads the next event: its text without the offset, and the offset.
    pub(crate) async fn event(&mut self) -> (String, String) {
        event(&self.peer.next().await)
    }

    /// The events that came before the answer, without their offsets.
    pub(crate) fn missed(&self) -> Vec<String> {
        self.missed.iter().map(|got| event(got).0).collect()
    }

    /// Its connection breaks.
    pub(crate) async fn vanish(self) -> (String, String) {
        self.peer.vanish().await;
        (self.id, self.pid)
    }
}

/// Two minutes, as the reference.
pub(crate) fn recovery() -> Recovery {
    Recovery::for_at_most(Duration::from_secs(120))
}

/// A server with one namespace `/`, where recovery is on.
pub(crate) fn recovering(namespace: Namespace) -> Server {
    recovering_with(namespace, recovery(), |builder| builder)
}

/// The same with settings.
pub(crate) fn recovering_with(
    namespace: Namespace,
    recovery: Recovery,
    set: impl FnOnce(Builder) -> Builder,
) -> Server {
    Server::built(set(Sockeye::builder().namespace("/", namespace).recovery(recovery)))
}
