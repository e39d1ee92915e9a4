//! The end of a wait, for which a timer is made only when somebody really waits.

use std::{
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use tokio::time::{Instant, Sleep, sleep_until};

/// The end of a wait. Counted from when it is made, not from the first poll.
pub(crate) struct Deadline {
    /// `None`: later than any clock will show, for `Duration::MAX` is how callers say "as long as it takes".
    at: Option<Instant>,
    timer: Option<Pin<Box<Sleep>>>,
}

impl Deadline {
    pub(crate) fn after(timeout: Duration) -> Self {
        Self { at: Instant::now().checked_add(timeout), timer: None }
    }

    /// Ready when it has come, and ever after.
    pub(crate) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let Some(at) = self.at else { return Poll::Pending };
        let timer = self.timer.get_or_insert_with(|| Box::pin(sleep_until(at)));
        if timer.is_elapsed() { Poll::Ready(()) } else { timer.as_mut().poll(cx) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[tokio::test(start_paused = true)]
    async fn is_counted_from_the_beginning_and_stays_over() {
        let mut deadline = Deadline::after(2 * SECOND);
        tokio::time::advance(SECOND).await;
        let started = Instant::now();
        for _ in 0..2 {
            std::future::poll_fn(|cx| deadline.poll(cx)).await;
        }
        assert_eq!(started.elapsed(), SECOND);
    }
}
