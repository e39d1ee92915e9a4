//! The end of a session: told and carried out at the second that the token names.

use std::time::Duration;

use sockeye::Socket;
use tokio::task::AbortHandle;

use crate::token::now;

/// Starts to watch; the disconnect of the socket ends it.
pub(crate) fn watch(socket: Socket, expires: u64) -> AbortHandle {
    let watching = async move {
        if !until(&socket, Duration::from_secs(expires)).await {
            return;
        }
        // Told if there is room for it: a client that reads nothing must not keep its session by that.
        let _ = socket.try_emit("session-expired", SENTENCE);
        let _ = socket.disconnect().await;
    };
    tokio::spawn(watching).abort_handle()
}

/// Waits for a time of the clock on the wall. Timers stand still while a machine sleeps, so it is looked at again
/// every minute. `false`: the socket has left before that.
async fn until(socket: &Socket, time: Duration) -> bool {
    loop {
        let left = time.saturating_sub(now());
        if left.is_zero() {
            return true;
        }
        if socket.disconnect_reason().is_some() {
            return false;
        }
        tokio::time::sleep(left.min(Duration::from_secs(60))).await;
    }
}

const SENTENCE: &str = "Your session has expired. Please log in again.";
