//! Puts a server together.

mod answers;
mod compression;
mod doors;
mod handshake;
mod limits;
mod namespaces;
mod recovery;
mod setters;

use std::{fmt, sync::Arc, time::Duration};

use sockeye_core::SocketConfig;
use sockeye_engine::EngineBuilder;
use sockeye_proto::{engine, socket::MuxConfig};

pub use self::namespaces::Allowed;

use self::{compression::Compression, doors::Doors, handshake::Allow, namespaces::Namespaces};
use crate::{
    Io, Sockeye,
    connection::Connections,
    extensions,
    mounted::Mounted,
    settings::Settings,
    sites::{Common, Sequencers},
};

/// A server that is being put together. `S` is the state its handlers wait for.
///
/// Whatever is not set has the default of the reference server, or one that its setter explains.
#[must_use = "a builder does nothing until it is built"]
pub struct Builder<S = ()> {
    io: Option<Io>,
    path: String,
    namespaces: Namespaces<S>,
    engine: engine::Config,
    drain: Drain,
    doors: Doors,
    allow: Option<Allow<S>>,
    compression: Compression,
    mux: MuxConfig,
    sockets: SocketConfig,
    settings: Settings,
    inbound_budget: Option<usize>,
}

impl<S> Builder<S> {
    pub(crate) fn new() -> Self {
        Self {
            io: None,
            path: "/socket.io/".to_owned(),
            namespaces: Namespaces::default(),
            engine: engine::Config::default(),
            drain: Drain::default(),
            doors: Doors::default(),
            allow: None,
            compression: Compression::default(),
            mux: MuxConfig::default(),
            sockets: SocketConfig::default(),
            settings: Settings::default(),
            inbound_budget: None,
        }
    }
}

impl<S> Builder<S> {
    /// The engine that sessions will run on.
    fn engine(&self) -> EngineBuilder {
        let doors = self.doors.clone();
        let engine = doors
            .engine
            .clone()
            .path(self.path.clone())
            .config(self.engine.clone())
            .compact_extensions(extensions::compact)
            .drain_batch(self.drain.batch)
            .drain_every(self.drain.every);
        self.compression.apply(doors.apply(engine))
    }
}

impl Builder {
    /// Builds the server.
    ///
    /// # Panics
    /// As [`build_with_state`](Builder::build_with_state).
    #[track_caller]
    pub fn build(self) -> Sockeye {
        self.build_with_state(())
    }
}

impl<S: Clone + Send + Sync + 'static> Builder<S> {
    /// Builds the server, and gives the handlers of all its namespaces their state.
    ///
    /// Everything is joined here, once: layers are applied, and what sessions are served from does not change any more.
    ///
    /// # Panics
    /// When a setting makes no sense, or the [`handle`](Self::handle) belongs to another server already.
    #[track_caller]
    #[expect(clippy::panic, reason = "a mistake in the program, found at its start")]
    pub fn build_with_state(mut self, state: S) -> Sockeye {
        self.mux.max_payload = self.engine.max_payload;
        self.sockets.shares_compressed = self.compression.deflate.is_some();
        self.settings.inbound_budget = self.inbound_budget.unwrap_or(self.engine.max_payload);
        if let Err(error) = self.validate() {
            panic!("the server cannot be built: {error}");
        }
        let mut engine = self.engine();
        if let Some(allow) = self.allow {
            engine = handshake::judge(engine, allow(state.clone()));
        }
        let io = self.io.unwrap_or_default();
        let recovery = self.settings.recovery.clone().map(|recovery| {
            let heartbeat = self.engine.ping_interval.saturating_add(self.engine.ping_timeout);
            Sequencers::new(recovery.detected_within(heartbeat))
        });
        let common = Common { sockets: self.sockets, io: io.clone(), recovery };
        let sites = self.namespaces.build(&state, &self.settings, common);
        let mounted = Mounted::new(sites, self.settings, self.mux, io.clone());
        let engine = engine.build(Connections::new(Arc::new(mounted)));
        io.mount(&engine);
        Sockeye::new(engine, io)
    }
}

/// How sessions are closed at a shutdown.
#[derive(Clone, Copy, Debug)]
struct Drain {
    batch: usize,
    every: Duration,
}

impl Default for Drain {
    fn default() -> Self {
        Self { batch: 500, every: Duration::from_millis(100) }
    }
}

impl<S> fmt::Debug for Builder<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builder").field("namespaces", &self.namespaces).finish_non_exhaustive()
    }
}
