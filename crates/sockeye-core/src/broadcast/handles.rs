//! The sockets of this process that a broadcast means, as handles.

use sockeye_proto::Id;

use super::Broadcast;
use crate::Socket;

impl Broadcast {
    /// The sockets of this process that are meant, as handles, each once; none when there is no such namespace.
    ///
    /// For tools that look at what only the process itself knows, such as the transport or the latency;
    /// [`sockets`](Self::sockets) asks all nodes.
    pub fn local_sockets(&self) -> Vec<Socket> {
        self.namespace().map(|namespace| namespace.local().members(&self.scope)).unwrap_or_default()
    }

    /// The socket of this process with that id, whatever rooms are meant.
    pub fn local_socket(&self, id: Id) -> Option<Socket> {
        self.namespace().ok()?.local().socket(id)
    }
}
