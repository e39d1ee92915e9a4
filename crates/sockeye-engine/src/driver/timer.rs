//! The one timer of a session.

use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll},
};

use tokio::time::{Instant, Sleep, sleep_until};

/// Wakes the task at the earliest of all deadlines.
///
/// Armed lazily: a deadline that moves back (every pong moves one) leaves the timer where it is; it then fires once for
/// nothing and is set again, which is cheaper than to move it for each packet.
#[derive(Default)]
pub(super) struct Timer {
    sleep: Option<Pin<Box<Sleep>>>,
}

impl Timer {
    /// Whether it is set to wake the task later than `now`; it is never later than what is due.
    pub(super) fn is_ahead(&self, now: std::time::Instant) -> bool {
        self.sleep.as_ref().is_some_and(|sleep| now < sleep.deadline().into_std())
    }

    /// Whether it is set and has not fired, so that nothing is due.
    pub(super) fn is_waiting(&self) -> bool {
        self.sleep.as_ref().is_some_and(|sleep| !sleep.is_elapsed())
    }

    /// Ready when `deadline` has come. It is `now`; `elsewhere` says that another waker is to be woken than before.
    pub(super) fn poll(
        &mut self,
        deadline: Option<std::time::Instant>,
        now: std::time::Instant,
        elsewhere: bool,
        cx: &mut Context<'_>,
    ) -> Poll<()> {
        let Some(deadline) = deadline.map(Instant::from_std) else { return Poll::Pending };
        let sleep = match &mut self.sleep {
            Some(sleep) => {
                let armed = sleep.deadline();
                // It is set to something earlier and will wake this task: no need to touch it.
                if !elsewhere && deadline >= armed && now < armed.into_std() {
                    return Poll::Pending;
                }
                if deadline < armed {
                    sleep.as_mut().reset(deadline);
                }
                sleep
            }
            None => self.sleep.insert(Box::pin(sleep_until(deadline))),
        };
        while sleep.as_mut().poll(cx).is_ready() {
            if sleep.deadline() >= deadline {
                return Poll::Ready(());
            }
            sleep.as_mut().reset(deadline);
        }
        Poll::Pending
    }
}

#[cfg(test)]
mod tests {
    use std::{future::poll_fn, time::Duration};

    use super::*;

    async fn wait(timer: &mut Timer, deadline: Instant) -> Duration {
        let start = Instant::now();
        poll_fn(|cx| timer.poll(Some(deadline.into_std()), Instant::now().into_std(), false, cx)).await;
        start.elapsed()
    }

    #[tokio::test(start_paused = true)]
    async fn fires_at_a_deadline_that_moved_either_way() {
        let mut timer = Timer::default();
        let now = Instant::now();
        let five = Some((now + Duration::from_secs(5)).into_std());
        let armed = poll_fn(|cx| Poll::Ready(timer.poll(five, now.into_std(), false, cx))).await;
        assert!(armed.is_pending());
        assert_eq!(wait(&mut timer, now + Duration::from_secs(2)).await, Duration::from_secs(2));
        assert_eq!(wait(&mut timer, now + Duration::from_secs(9)).await, Duration::from_secs(7));
        assert_eq!(wait(&mut timer, now).await, Duration::ZERO);
    }
}
