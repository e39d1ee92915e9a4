//! What a connection is doing, and for how long it has done nothing.

use std::{sync::Arc, time::Duration};

use parking_lot::Mutex;
use tokio::{
    sync::Notify,
    time::{Instant, sleep_until},
};

/// Shared by a connection's stream, its requests and the one who watches over both.
#[derive(Debug)]
pub(super) struct Activity {
    state: Mutex<State>,
    changed: Notify,
    header_timeout: Duration,
    write_timeout: Duration,
}

#[derive(Debug)]
struct State {
    /// Requests whose answers are not complete.
    under_way: usize,
    /// Since when there is none.
    idle_since: Instant,
    /// Since when the peer has not taken a byte that waits for it.
    stuck_since: Option<Instant>,
}

/// A request is under way for as long as this lives.
#[derive(Debug)]
pub(super) struct UnderWay(Arc<Activity>);

impl Activity {
    pub(super) fn new(header_timeout: Duration, write_timeout: Duration) -> Self {
        let state = State { under_way: 0, idle_since: Instant::now(), stuck_since: None };
        Self { state: Mutex::new(state), changed: Notify::new(), header_timeout, write_timeout }
    }

    /// The head of a request has come.
    pub(super) fn begin(self: &Arc<Self>) -> UnderWay {
        self.state.lock().under_way += 1;
        UnderWay(Arc::clone(self))
    }

    /// The peer has no room for what is to be written.
    pub(super) fn stuck(&self) {
        let mut state = self.state.lock();
        if state.stuck_since.is_none() {
            state.stuck_since = Some(Instant::now());
            drop(state);
            self.changed.notify_one();
        }
    }

    /// The peer has taken something.
    pub(super) fn taken(&self) {
        let mut state = self.state.lock();
        if state.stuck_since.take().is_some() {
            // An answer that was written late counts from then.
            state.idle_since = Instant::now();
            drop(state);
            self.changed.notify_one();
        }
    }

    /// Resolves when the peer has had its time.
    pub(super) async fn overdue(&self) {
        loop {
            match self.due() {
                Some(due) if due <= Instant::now() => return,
                Some(due) => sleep_until(due).await,
                None => self.changed.notified().await,
            }
        }
    }

    fn due(&self) -> Option<Instant> {
        let state = self.state.lock();
        match state.stuck_since {
            Some(since) => Some(since + self.write_timeout),
            None => (state.under_way == 0).then(|| state.idle_since + self.header_timeout),
        }
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        let mut state = self.0.state.lock();
        state.under_way = state.under_way.saturating_sub(1);
        if state.under_way == 0 {
            state.idle_since = Instant::now();
            drop(state);
            self.0.changed.notify_one();
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::{advance, timeout};

    use super::*;

    const HEADER: Duration = Duration::from_secs(10);
    const WRITE: Duration = Duration::from_secs(30);

    /// How long it takes until the peer has had its time.
    async fn left(activity: &Activity) -> Option<Duration> {
        let began = Instant::now();
        timeout(Duration::from_secs(1000), activity.overdue()).await.ok().map(|()| began.elapsed())
    }

    #[tokio::test(start_paused = true)]
    async fn the_time_of_a_head_runs_between_requests_alone() {
        let activity = Arc::new(Activity::new(HEADER, WRITE));
        advance(Duration::from_secs(9)).await;
        let one = activity.begin();
        let other = activity.begin();
        assert_eq!(left(&activity).await, None);
        drop(one);
        assert_eq!(left(&activity).await, None);
        drop(other);
        assert_eq!(left(&activity).await, Some(HEADER));
    }

    #[tokio::test(start_paused = true)]
    async fn a_peer_that_takes_nothing_has_its_time_and_each_byte_begins_it_anew() {
        let activity = Arc::new(Activity::new(HEADER, WRITE));
        let request = activity.begin();
        activity.stuck();
        advance(Duration::from_secs(29)).await;
        activity.stuck();
        activity.taken();
        assert_eq!(left(&activity).await, None);
        activity.stuck();
        drop(request);
        assert_eq!(left(&activity).await, Some(WRITE), "the answer is written, and not taken");
        activity.taken();
        assert_eq!(left(&activity).await, Some(HEADER));
    }
}
