//! A future of the application, bounded in time and behind a wall.

use std::{
    future::Future,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::Pin,
    time::Duration,
};

use futures_util::FutureExt as _;
use tokio::time::timeout;

/// What an application's future ends in.
pub(super) type Asked<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// Why there is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum NoAnswer {
    #[error("it panicked")]
    Panicked,
    #[error("it took too long")]
    TooLate,
}

/// Asks, and waits so long. Panics while the future is built, polled or dropped are no answer.
pub(super) async fn ask<T>(build: impl FnOnce() -> Asked<T>, limit: Duration) -> Result<T, NoAnswer> {
    let mut asked = catch_unwind(AssertUnwindSafe(build)).map_err(|_| NoAnswer::Panicked)?;
    let answer = timeout(limit, AssertUnwindSafe(asked.as_mut()).catch_unwind()).await;
    let dropped = catch_unwind(AssertUnwindSafe(|| drop(asked)));
    match (answer, dropped) {
        (Ok(Ok(answer)), Ok(())) => Ok(answer),
        (Err(_), _) => Err(NoAnswer::TooLate),
        _ => Err(NoAnswer::Panicked),
    }
}
