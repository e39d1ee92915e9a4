//! Answering an event that comes twice with the reply of the first time.

mod memory;
mod service;
#[cfg(test)]
mod tests;

pub use self::service::Deduped;

use std::{fmt, sync::Arc, time::Duration};

use sockeye_core::Event;
use tower_layer::Layer;

use self::memory::Memory;

/// A layer that runs a handler once for each key, and answers the event with the same key with the same reply.
///
/// A client with the option `retries` sends an event again until it has an ack, and nothing on the wire says that it is
/// the same: by themselves events are handled *at least* once. With an id that the app itself puts into the event they
/// are handled once, for as long as the reply is remembered:
///
/// ```
/// use serde::Deserialize;
/// use sockeye::{Data, Dedup, Event, Namespace};
///
/// #[derive(Deserialize)]
/// struct Message {
///     id: String,
/// }
///
/// // Whose message it is belongs into the key, or others could ask for the reply.
/// let by_id = Dedup::by(|event: &Event| {
///     let message: Message = event.arguments().deserialize_first().ok()?;
///     Some(format!("{} {}", event.name(), message.id))
/// });
/// let chat: Namespace = Namespace::new().on("message", async |Data(message): Data<Message>| Data(message.id)).layer(by_id);
/// ```
///
/// An event that comes while the first is being handled waits for its reply. What is remembered is what the handler
/// returns; an [`Acker`](crate::Acker) answers the first alone. Errors are not remembered: trying again may help. A server
/// that starts anew, and another node, remember nothing; where that matters let the database tell duplicates apart.
#[derive(Clone)]
#[must_use = "a layer does nothing until it is added"]
pub struct Dedup {
    key: Arc<Key>,
    bounds: Bounds,
}

type Key = dyn Fn(&Event) -> Option<String> + Send + Sync;

/// How much is remembered.
#[derive(Clone, Copy, Debug)]
struct Bounds {
    time: Duration,
    replies: usize,
    bytes: usize,
}

impl Dedup {
    /// Two events of one key are one event. An event without a key is always handled.
    pub fn by(key: impl Fn(&Event) -> Option<String> + Send + Sync + 'static) -> Self {
        let bounds = Bounds { time: Duration::from_secs(300), replies: 10_000, bytes: 16 << 20 };
        Self { key: Arc::new(key), bounds }
    }

    /// How long a reply is remembered. Default 5 minutes, longer than clients usually try.
    pub const fn for_at_most(mut self, time: Duration) -> Self {
        self.bounds.time = time;
        self
    }

    /// How many replies are remembered; beyond it the oldest is forgotten. Default 10,000.
    pub const fn replies(mut self, replies: usize) -> Self {
        self.bounds.replies = replies;
        self
    }

    /// Bytes of keys and replies that are remembered; beyond it the oldest are forgotten, and a reply that is larger by
    /// itself is not remembered at all. Default 16 MiB.
    pub const fn bytes(mut self, bytes: usize) -> Self {
        self.bounds.bytes = bytes;
        self
    }
}

impl<I> Layer<I> for Dedup {
    type Service = Deduped<I>;

    fn layer(&self, inner: I) -> Deduped<I> {
        Deduped::new(inner, self.key.clone(), Memory::new(self.bounds))
    }
}

impl fmt::Debug for Dedup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Dedup").field("bounds", &self.bounds).finish_non_exhaustive()
    }
}
