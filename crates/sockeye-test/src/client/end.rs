//! How a socket ends, and how its client comes back.

use std::{future::Future, panic::Location};

use sockeye_proto::socket::encode;

use super::TestClient;
use crate::{ConnectError, clock, state::Stage, web};

impl TestClient {
    /// Leaves the namespace, as the stock client's `disconnect()`. Its session lives as long as another socket is on it.
    pub async fn disconnect(&self) {
        self.session.send(encode::disconnect(&self.namespace));
        let last = self.session.shared.change(|state| {
            if let Some(socket) = state.socket(&self.namespace) {
                socket.leave("io client disconnect");
            }
            !state.sockets.values().any(|socket| matches!(socket.stage, Stage::Joining | Stage::Joined))
        });
        if last {
            self.session.close();
        }
        clock::settle().await;
    }

    /// Ends the session with all its sockets, behind what was emitted: the stock client's `manager.engine.close()`.
    pub async fn close(&self) {
        self.session.close();
        clock::settle().await;
    }

    /// Its connections end without a goodbye, as those of a process that was killed.
    pub async fn vanish(&self) {
        self.session.vanish();
        clock::settle().await;
    }

    /// Waits until it has left, and says why; see [`reason`](Self::reason).
    ///
    /// # Panics
    /// When it does not leave.
    #[track_caller]
    pub fn left(&self) -> impl Future<Output = &'static str> + '_ {
        let caller = Location::caller();
        let left = self.session.shared.clone().until(|state| match state.socket(&self.namespace)?.stage {
            Stage::Left(reason) => Some(reason),
            _ => None,
        });
        async move { web::patient(&self.session.device, caller, "the socket's end", left).await }
    }

    /// Connects once more, with a new session: the same cookies, headers, query, network and auth, and what the server
    /// gave for the recovery of the socket's state, if it recovers.
    ///
    /// # Errors
    /// When the server refuses, or breaks off.
    ///
    /// # Panics
    /// When nothing is decided within the world's [`patience`](crate::World::patience).
    #[track_caller]
    pub fn reconnect(&self) -> impl Future<Output = Result<Self, ConnectError>> + use<> {
        self.again.clone().recovering(self.look(|socket| socket.recovery.clone())).connect()
    }
}
