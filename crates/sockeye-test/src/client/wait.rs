//! Waiting for what comes to a socket, and saying what came instead.

use std::panic::Location;

use super::TestClient;
use crate::state::{SocketState, Stage};

/// How waiting may end before its deadline.
enum Found<T> {
    It(T),
    Fault(String),
    Left(&'static str),
}

impl TestClient {
    /// Waits for what `find` finds, given whether the session has upgraded. To a socket that has left nothing more comes,
    /// so the test fails at once then.
    pub(super) async fn wait<T>(
        &self,
        caller: &'static Location<'static>,
        what: String,
        mut find: impl FnMut(bool, &mut SocketState) -> Option<T>,
    ) -> T {
        let found = self.session.shared.clone().until(|state| {
            let (upgraded, fault) = (state.upgraded, state.fault.clone());
            let socket = state.socket(&self.namespace)?;
            if let Some(it) = find(upgraded, socket) {
                return Some(Found::It(it));
            }
            match socket.stage {
                _ if fault.is_some() => fault.map(Found::Fault),
                Stage::Left(reason) => Some(Found::Left(reason)),
                _ => None,
            }
        });
        let device = &self.session.device;
        let why = match tokio::time::timeout(device.patience, found).await {
            Ok(Found::It(it)) => return it,
            Ok(Found::Left(reason)) => format!("the socket has left ({reason})"),
            Ok(Found::Fault(fault)) => fault,
            Err(_) if device.network.is_cut() => {
                format!("not within {:?}, and the network is cut", device.patience)
            }
            Err(_) => format!("not within {:?}", device.patience),
        };
        let came = self.look(|socket| socket.came.iter().map(ToString::to_string).collect::<Vec<_>>());
        let instead = if came.is_empty() { "nothing".to_owned() } else { came.join(", ") };
        panic!("{caller}: {what} did not come: {why}; what waits instead: {instead}");
    }
}
