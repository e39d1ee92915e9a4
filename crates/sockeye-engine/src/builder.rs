//! The settings of an engine.

mod hooks;

use std::{net::IpAddr, time::Duration};

use sockeye_proto::engine::{Config, Limit, Transport};

mod compression;

use crate::{Engine, Handler, Origins, TrustedProxies, settings::Settings};

/// Settings on the way to an [`Engine`]. Whatever is not set has the default of the reference server;
/// [`Config`] says what each is and why.
#[derive(Clone, Debug, Default)]
#[must_use = "a builder does nothing until it is built"]
pub struct EngineBuilder {
    config: Config,
    settings: Settings,
}

impl EngineBuilder {
    /// Where [`Engine::layer`] listens, by segment. Default `/engine.io/`: everything below it. Without the slash at
    /// the end that very path belongs to the engine as well.
    pub fn path(mut self, path: impl Into<String>) -> Self {
        self.settings.path = path.into();
        self
    }

    /// All settings of the protocol at once.
    pub fn config(mut self, config: Config) -> Self {
        self.config = config;
        self
    }

    /// From the handshake, and from each pong, to the next ping. Default 25 s.
    pub fn ping_interval(mut self, interval: Duration) -> Self {
        self.config.ping_interval = interval;
        self
    }

    /// How long a pong may take. Default 20 s.
    pub fn ping_timeout(mut self, timeout: Duration) -> Self {
        self.config.ping_timeout = timeout;
        self
    }

    /// How long an upgrade may take. Default 10 s.
    pub fn upgrade_timeout(mut self, timeout: Duration) -> Self {
        self.config.upgrade_timeout = timeout;
        self
    }

    /// How long a session that is closing may take to write what waits. Default 30 s.
    pub fn close_timeout(mut self, timeout: Duration) -> Self {
        self.config.close_timeout = timeout;
        self
    }

    /// How long a handler may pause its session. Default 30 s.
    pub fn stall_timeout(mut self, timeout: Duration) -> Self {
        self.config.stall_timeout = timeout;
        self
    }

    /// Bytes of the longest message, and of a POST's body. Default 1,000,000.
    pub fn max_payload(mut self, bytes: usize) -> Self {
        self.config.max_payload = bytes;
        self
    }

    /// Answers a waiting GET with a noop after this time. Default: it waits. Set it below the timeout of a timeout
    /// layer or an impatient proxy.
    pub fn poll_wait(mut self, wait: Duration) -> Self {
        self.config.poll_wait = Some(wait);
        self
    }

    /// The transports a session may be opened with. Default: both.
    pub fn transports(mut self, transports: impl IntoIterator<Item = Transport>) -> Self {
        self.config.transports = transports.into_iter().collect();
        self
    }

    /// Whether a polling session is told that it may move to a websocket. Default: yes. A client that comes with an
    /// upgrade unasked is served all the same, as by the reference; leave a transport out of
    /// [`transports`](Self::transports) to refuse it.
    pub fn allow_upgrades(mut self, allow: bool) -> Self {
        self.config.allow_upgrades = allow;
        self
    }

    /// Bytes waiting for one client above which emitters should wait. Default 256 KiB.
    pub fn outbox_soft(mut self, bytes: usize) -> Self {
        self.config.outbox.soft = bytes;
        self
    }

    /// Bytes waiting for one client beyond which it is closed as a slow consumer. Default 768 KiB.
    pub fn outbox_hard(mut self, bytes: usize) -> Self {
        self.config.outbox.hard = bytes;
        self
    }

    /// How many sessions a shutdown closes at once. Default 500, every [`drain_every`](Self::drain_every): 5,000
    /// clients a second come back elsewhere, not all at once.
    pub fn drain_batch(mut self, sessions: usize) -> Self {
        self.settings.drain_batch = sessions;
        self
    }

    /// The time between two batches of a shutdown. Default 100 ms.
    pub fn drain_every(mut self, every: Duration) -> Self {
        self.settings.drain_every = every;
        self
    }

    /// Runs over the request's extensions before they are kept for the life of the session, with the request's target:
    /// drop or replace there what pins the HTTP library's buffers. Default: nothing is changed.
    pub fn compact_extensions(mut self, compact: fn(&http::Uri, &mut http::Extensions)) -> Self {
        self.settings.compact_extensions = Some(compact);
        self
    }

    /// Which pages may open a session. Default [`Origins::same_host`].
    pub fn origins(mut self, origins: Origins) -> Self {
        self.settings.origins = origins;
        self
    }

    /// The proxies whose word counts on a client's address and on the host it asked for. Default: none.
    pub fn trusted_proxies(mut self, proxies: TrustedProxies) -> Self {
        self.settings.proxies = proxies;
        self
    }

    /// Finds the address at the other end of the connection in the request's extensions, where the HTTP server has put
    /// it. Default: it is not known.
    pub fn peer(mut self, peer: fn(&http::Extensions) -> Option<IpAddr>) -> Self {
        self.settings.peer = Some(peer);
        self
    }

    /// How long the body of a POST may take, from when the session has room for it to its last byte. Default 10 s. A
    /// client that is slower is answered 408, and its session ends.
    pub fn body_timeout(mut self, timeout: Duration) -> Self {
        self.settings.body_timeout = timeout;
        self
    }

    /// How many sessions may be open that nobody has claimed ([`Sender::claimed`](crate::Sender::claimed)): a further
    /// handshake is answered 503 with `Retry-After`. Default: no bound, for a handler that never claims a session would
    /// be full for ever.
    pub fn max_unclaimed(mut self, sessions: usize) -> Self {
        self.settings.max_unclaimed = sessions;
        self
    }

    /// The same for the clients of one address, which for IPv6 is a network of 64 bits. Default: no bound.
    pub fn max_unclaimed_per_address(mut self, sessions: usize) -> Self {
        self.settings.max_unclaimed_per_address = sessions;
        self
    }

    /// What is bounded by now, and what happens beyond.
    pub fn limits(&self) -> Vec<Limit> {
        [self.config.limits(), self.settings.limits()].concat()
    }

    /// Builds the engine.
    ///
    /// # Panics
    /// With the caller's line, when a setting makes no sense: the path does not start with a slash, a bound or a
    /// duration of zero.
    #[track_caller]
    #[expect(clippy::panic, reason = "a mistake in the program, found at its start")]
    pub fn build<H: Handler>(self, handler: H) -> Engine<H> {
        if let Err(error) = self.config.validate() {
            panic!("the engine cannot be built: {error}");
        }
        if let Err(rule) = self.settings.validate() {
            panic!("the engine cannot be built: {rule}");
        }
        Engine::new(handler, self.config, self.settings)
    }
}
