//! The settings of who may open a session.

use std::{
    net::{IpAddr, SocketAddr},
    time::Duration,
};

use axum::extract::connect_info::{ConnectInfo, MockConnectInfo};
use http::Extensions;
use sockeye_engine::{EngineBuilder, Origins, TrustedProxies};

use super::Builder;

/// What is asked of a client before it has a session.
#[derive(Clone, Debug)]
pub(super) struct Doors {
    /// With what the engine alone need know.
    pub(super) engine: EngineBuilder,
    origins: Origins,
    proxies: TrustedProxies,
    body_timeout: Duration,
    max_unclaimed: usize,
    max_unclaimed_per_address: usize,
}

impl Default for Doors {
    fn default() -> Self {
        Self {
            engine: EngineBuilder::default(),
            origins: Origins::default(),
            proxies: TrustedProxies::default(),
            body_timeout: Duration::from_secs(10),
            max_unclaimed: 10_000,
            max_unclaimed_per_address: 1_000,
        }
    }
}

impl Doors {
    pub(super) fn apply(self, engine: EngineBuilder) -> EngineBuilder {
        engine
            .peer(peer)
            .origins(self.origins)
            .trusted_proxies(self.proxies)
            .body_timeout(self.body_timeout)
            .max_unclaimed(self.max_unclaimed)
            .max_unclaimed_per_address(self.max_unclaimed_per_address)
    }
}

/// Where axum's server, or ours, has put the address of the connection.
fn peer(extensions: &Extensions) -> Option<IpAddr> {
    let real = extensions.get().map(|ConnectInfo::<SocketAddr>(address)| address.ip());
    real.or_else(|| extensions.get().map(|MockConnectInfo::<SocketAddr>(address)| address.ip()))
}

/// Who may open a session.
impl<S> Builder<S> {
    /// Which pages may open a session, on any transport. Default [`Origins::same_host`]: a page of another host may not
    /// use a visitor's cookies. A refused handshake is answered 403, and each refused origin is one line in the log.
    pub fn origins(mut self, origins: Origins) -> Self {
        self.doors.origins = origins;
        self
    }

    /// The addresses and networks (`10.0.0.0/8`) of the proxies in front of the server, whose `X-Forwarded-For`,
    /// `Forwarded` and `X-Forwarded-Host` are believed. Default: none, and those headers mean nothing.
    ///
    /// # Panics
    /// At an entry that is neither an address nor a network.
    #[track_caller]
    #[expect(clippy::panic, reason = "a mistake in the program, found at its start")]
    pub fn trusted_proxies(mut self, proxies: impl IntoIterator<Item = impl AsRef<str>>) -> Self {
        match TrustedProxies::parse(proxies) {
            Ok(proxies) => self.doors.proxies = proxies,
            Err(error) => panic!("{error}"),
        }
        self
    }

    /// How long the body of a POST may take, from when the session has room for it to its last byte. Default 10 s: a
    /// megabyte on a slow line. A slower client is answered 408, and its session ends.
    pub fn body_timeout(mut self, timeout: Duration) -> Self {
        self.doors.body_timeout = timeout;
        self
    }

    /// How many sessions may be open that have not joined any namespace. Default 10,000. A further handshake is answered
    /// 503 with `Retry-After: 1`; stock clients come back.
    pub fn max_unclaimed(mut self, sessions: usize) -> Self {
        self.doors.max_unclaimed = sessions;
        self
    }

    /// The same for the clients of one address, which for IPv6 is a network of 64 bits. Default 1,000: many people share
    /// one address, and each needs its place for as long as joining takes. Behind a proxy, say so by
    /// [`trusted_proxies`](Self::trusted_proxies), or all clients are counted as one.
    pub fn max_unclaimed_per_address(mut self, sessions: usize) -> Self {
        self.doors.max_unclaimed_per_address = sessions;
        self
    }
}
