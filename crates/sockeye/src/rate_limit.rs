//! A bound on the events of each socket.

mod bucket;
mod service;

pub use self::service::RateLimited;

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use parking_lot::Mutex;
use sockeye_core::Socket;
use tower_layer::Layer;

use self::bucket::{Bucket, Rate};

/// A layer that lets so many events of one socket pass in a time, and answers the others.
///
/// Each socket has its own allowance: a bucket of that many events, full at the start, which fills again evenly over the
/// time. An event that finds it empty reaches nothing further in, its arguments are not read, and the client is told,
/// if it has asked for an ack,
///
/// ```json
/// {"error":{"code":"rate_limited","message":"too many events, try again later","retry_after":250}}
/// ```
///
/// where `retry_after` is in milliseconds, rounded up. Further [events](Self::event) by name have buckets beside it.
///
/// What the bucket takes lives with the socket, 16 bytes for each bound, from its first event on. Acks are not counted;
/// they are bounded by themselves. To bound all clients together there is tower's `RateLimitLayer`.
///
/// ```
/// use std::time::Duration;
/// use sockeye::{Data, Namespace, RateLimitPerSocket};
///
/// let second = Duration::from_secs(1);
/// let chat: Namespace = Namespace::new()
///     .on("message", async |Data(text): Data<String>| {})
///     .layer(RateLimitPerSocket::new(20, second).event("message", 5, second));
/// # sockeye_test::run(async {
/// # let world = sockeye_test::World::new(sockeye::Sockeye::builder().namespace("/", chat).build());
/// # let client = world.client("/").connect().await.unwrap();
/// # for _ in 0..5 {
/// #     client.emit_with_ack::<()>("message", "hi").await.unwrap();
/// # }
/// # let refused = client.emit_with_ack::<()>("message", "hi").await.unwrap_err();
/// # assert_eq!(refused.code(), Some("rate_limited"));
/// # world.advance(second).await;
/// # client.emit_with_ack::<()>("message", "hi").await.unwrap();
/// # });
/// ```
#[derive(Clone)]
#[must_use = "a layer does nothing until it is added"]
pub struct RateLimitPerSocket {
    all: Rate,
    named: Vec<(Box<str>, Rate)>,
}

impl RateLimitPerSocket {
    /// At most `events` events at once, and as many again over `per`.
    ///
    /// # Panics
    /// When `events` or `per` is 0.
    #[track_caller]
    pub fn new(events: u32, per: Duration) -> Self {
        Self { all: Rate::new(events, per), named: Vec::new() }
    }

    /// Of the event `name`, moreover, at most `events` at once, and as many again over `per`. Where either bucket is
    /// empty the event is refused, and takes nothing of the other.
    ///
    /// # Panics
    /// When `events` or `per` is 0.
    #[track_caller]
    pub fn event(mut self, name: impl Into<Box<str>>, events: u32, per: Duration) -> Self {
        self.named.push((name.into(), Rate::new(events, per)));
        self
    }
}

impl<I> Layer<I> for RateLimitPerSocket {
    type Service = RateLimited<I>;

    fn layer(&self, inner: I) -> RateLimited<I> {
        RateLimited::new(inner, Limit::new(self.clone()))
    }
}

impl fmt::Debug for RateLimitPerSocket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RateLimitPerSocket").field("all", &self.all).field("named", &self.named).finish()
    }
}

/// One place where events are counted.
struct Limit {
    rates: RateLimitPerSocket,
    /// Among the limits of this process: a socket may pass several.
    number: u64,
}

impl Limit {
    fn new(rates: RateLimitPerSocket) -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        Self { rates, number: NEXT.fetch_add(1, Ordering::Relaxed) }
    }

    /// Takes an event of a socket, or says how long it has to wait.
    fn take(&self, socket: &Socket, name: &str, now: Instant) -> Result<(), Duration> {
        let buckets = match socket.extensions().get::<Buckets>() {
            Some(buckets) => buckets,
            None => socket.extensions().get_or_insert(Buckets::default()),
        };
        let mut buckets = buckets.0.lock();
        let at = buckets.iter().position(|taken| taken.limit == self.number);
        let at = at.unwrap_or_else(|| {
            let fresh = vec![Bucket::full(now); 1 + self.rates.named.len()];
            buckets.push(Taken { limit: self.number, buckets: fresh.into() });
            buckets.len() - 1
        });
        let Some(Taken { buckets: own, .. }) = buckets.get_mut(at) else { return Ok(()) };
        let rates = std::iter::once(Some(self.rates.all))
            .chain(self.rates.named.iter().map(|(known, rate)| (**known == *name).then_some(*rate)));
        let meant = || rates.clone().zip(own.iter()).filter_map(|(rate, bucket)| Some((rate?, bucket)));
        let wait = meant().filter_map(|(rate, bucket)| bucket.wait(rate, now)).max();
        if let Some(wait) = wait {
            return Err(wait);
        }
        for (rate, bucket) in rates.zip(own.iter_mut()) {
            if let Some(rate) = rate {
                bucket.take(rate, now);
            }
        }
        Ok(())
    }
}

/// What a socket has taken, for each limit it has passed.
#[derive(Clone, Default)]
struct Buckets(Arc<Mutex<Vec<Taken>>>);

/// What it has taken of one limit.
struct Taken {
    limit: u64,
    /// That of all events, then those by name.
    buckets: Box<[Bucket]>,
}
