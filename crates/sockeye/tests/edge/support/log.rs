//! What handlers did, and when they may go on.

use std::{
    fmt,
    future::Future,
    sync::{Arc, Mutex},
    time::Duration,
};

use sockeye::{DisconnectReason, EventName, Namespace, Raw};
use tokio::{sync::Semaphore, time::sleep};

/// What handlers wrote down, in order.
#[derive(Clone, Default)]
pub(crate) struct Log(Arc<Mutex<Vec<String>>>);

impl Log {
    pub(crate) fn write(&self, line: impl Into<String>) {
        self.0.lock().unwrap().push(line.into());
    }

    pub(crate) fn clear(&self) {
        self.0.lock().unwrap().clear();
    }

    pub(crate) fn lines(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }

    /// These lines and no others are there, once everything that can has run.
    #[track_caller]
    pub(crate) fn expect(&self, lines: &[&str]) -> impl Future<Output = ()> {
        let at = std::panic::Location::caller();
        async move {
            eventually(|| self.lines().len() >= lines.len()).await;
            settle().await;
            let found = self.lines();
            assert!(found == lines, "at {at}: found {found:?}, expected {lines:?}");
        }
    }
}

impl fmt::Debug for Log {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.lines().fmt(f)
    }
}

/// A namespace that writes down who comes (`connect`), what is said (`name[arguments]`, and how many bytes each
/// attachment has), who goes and why (`disconnect: reason`). Whoever wants an ack gets an empty one.
pub(crate) fn witness(log: &Log) -> Namespace {
    let (comes, says, goes) = (log.clone(), log.clone(), log.clone());
    Namespace::new()
        .on_connect(async move || comes.write("connect"))
        .fallback(async move |EventName(name): EventName, Raw(arguments): Raw| {
            let attachments = arguments.attachments().iter().map(|bytes| format!(" +{}", bytes.len()));
            says.write(format!("{name}{}{}", arguments.as_json(), attachments.collect::<String>()));
        })
        .on_disconnect(async move |reason: DisconnectReason| goes.write(format!("disconnect: {reason}")))
}

/// Whether `condition` comes true within two minutes of the paused clock.
async fn eventually(condition: impl Fn() -> bool) -> bool {
    settle().await;
    for _ in 0..1200 {
        if condition() {
            return true;
        }
        sleep(Duration::from_millis(100)).await;
    }
    condition()
}

/// Lets everything run that can, without the clock moving by more than a moment.
pub(crate) async fn settle() {
    sleep(Duration::from_millis(1)).await;
}

/// A gate that handlers wait at.
#[derive(Clone, Debug)]
pub(crate) struct Gate(Arc<Semaphore>);

impl Gate {
    pub(crate) fn closed() -> Self {
        Self(Arc::new(Semaphore::new(0)))
    }

    pub(crate) fn pass(&self) -> impl Future<Output = ()> + Send + 'static + use<> {
        let gate = self.0.clone();
        async move { gate.acquire().await.unwrap().forget() }
    }

    pub(crate) fn let_pass(&self, handlers: usize) {
        self.0.add_permits(handlers);
    }
}
