//! The network between one client and the server: it takes its time, and it can be cut.

use std::{sync::Arc, time::Duration};

use tokio::{
    sync::{mpsc, watch},
    time::{self, Instant},
};

/// The way of one client to the server and back. All its connections share it.
#[derive(Clone, Debug)]
pub(crate) struct Network(Arc<watch::Sender<Condition>>);

#[derive(Clone, Copy, Debug, Default)]
struct Condition {
    cut: bool,
    delay: Duration,
    /// When the last of what is under way arrives: on a line that becomes faster nothing overtakes it.
    last: Option<Instant>,
}

impl Network {
    pub(crate) fn new() -> Self {
        Self(Arc::new(watch::Sender::new(Condition::default())))
    }

    /// Nothing arrives any more, and nobody is told. What is under way arrives after it is healed, as on a line that
    /// sends again what was lost.
    pub(crate) fn cut(&self) {
        self.0.send_modify(|condition| condition.cut = true);
    }

    pub(crate) fn heal(&self) {
        self.0.send_modify(|condition| condition.cut = false);
    }

    /// How long everything takes from now on, in each direction.
    pub(crate) fn delay(&self, delay: Duration) {
        self.0.send_modify(|condition| condition.delay = delay);
    }

    pub(crate) fn is_cut(&self) -> bool {
        self.0.borrow().cut
    }

    /// Waits until something could arrive.
    pub(crate) async fn healed(&self) {
        // The sender is held by this very value.
        let _ = self.0.subscribe().wait_for(|condition| !condition.cut).await;
    }

    /// One way, for something that keeps no order with others.
    pub(crate) async fn travel(&self) {
        let arrives = self.arrival();
        time::sleep_until(arrives).await;
        self.healed().await;
    }

    /// One way for many things, which arrive in their order.
    pub(crate) fn lane<T>(&self) -> (Entrance<T>, Exit<T>) {
        let (sender, receiver) = mpsc::unbounded_channel();
        (Entrance { network: self.clone(), sender }, Exit { network: self.clone(), receiver })
    }

    fn arrival(&self) -> Instant {
        let mut arrives = Instant::now();
        self.0.send_if_modified(|condition| {
            arrives =
                condition.last.map_or(arrives + condition.delay, |last| last.max(arrives + condition.delay));
            condition.last = Some(arrives);
            false
        });
        arrives
    }
}

/// Where things enter a [`Network::lane`].
#[derive(Debug)]
pub(crate) struct Entrance<T> {
    network: Network,
    sender: mpsc::UnboundedSender<(Instant, T)>,
}

impl<T> Entrance<T> {
    /// Sends it on its way. Nobody may be waiting for it any longer; it is lost then.
    pub(crate) fn push(&self, item: T) {
        let _ = self.sender.send((self.network.arrival(), item));
    }
}

/// Where they come out.
#[derive(Debug)]
pub(crate) struct Exit<T> {
    network: Network,
    receiver: mpsc::UnboundedReceiver<(Instant, T)>,
}

impl<T> Exit<T> {
    /// The next thing, when it has arrived; `None` once the entrance is gone and all has come out. Not to be given up
    /// half way.
    pub(crate) async fn next(&mut self) -> Option<T> {
        let Some((arrives, item)) = self.receiver.recv().await else {
            // The end of a connection has to arrive, too.
            self.network.travel().await;
            return None;
        };
        time::sleep_until(arrives).await;
        self.network.healed().await;
        Some(item)
    }
}
