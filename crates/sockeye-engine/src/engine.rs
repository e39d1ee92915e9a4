//! The engine: its handler, its settings and its sessions.

use std::{
    fmt,
    future::Future,
    sync::{Arc, Weak},
    time::Duration,
};

use sockeye_proto::{deflate::Pool, engine::Config};

use crate::{
    EngineBuilder, EngineLayer, EngineService, Handler, Report,
    origins::Warned,
    places::Places,
    polling::Compression,
    sessions::Sessions,
    settings::Settings,
    shutdown::{Excused, Shutdown, shut_down},
    stats::{Counters, Stats},
    websocket::Deflate,
};

/// An Engine.IO server. Cheap to clone; all clones are one.
pub struct Engine<H> {
    state: Arc<EngineState<H>>,
}

/// What the services, the sessions' tasks and the handle share.
pub(crate) struct EngineState<H> {
    pub(crate) handler: H,
    pub(crate) config: Arc<Config>,
    pub(crate) settings: Settings,
    pub(crate) sessions: Sessions,
    pub(crate) counters: Counters,
    pub(crate) unclaimed: Arc<Places>,
    pub(crate) warned: Warned,
    pub(crate) shutdown: Arc<Shutdown>,
    /// `None`: answers to GETs leave as they are.
    pub(crate) compression: Option<Arc<Compression>>,
    /// `None`: messages on websockets leave as they are.
    pub(crate) deflate: Option<Deflate>,
}

impl Engine<()> {
    /// Starts with the defaults of the reference server.
    pub fn builder() -> EngineBuilder {
        EngineBuilder::default()
    }
}

impl<H: Handler> Engine<H> {
    pub(crate) fn new(handler: H, config: Config, settings: Settings) -> Self {
        let compressors = Arc::new(Pool::new(settings.compression_level, settings.max_compressors));
        let compression = settings.http_compression.then(|| {
            Arc::new(Compression::new(settings.http_compression_threshold, Arc::clone(&compressors)))
        });
        let deflate =
            settings.deflate.map(|deflate| Deflate::new(deflate, compressors, settings.max_deflate_contexts));
        let state = EngineState {
            handler,
            compression,
            deflate,
            config: Arc::new(config),
            unclaimed: Arc::new(Places::new(settings.max_unclaimed, settings.max_unclaimed_per_address)),
            warned: Warned::default(),
            settings,
            sessions: Sessions::default(),
            counters: Counters::default(),
            shutdown: Arc::default(),
        };
        Self { state: Arc::new(state) }
    }

    /// The engine as a tower service for requests that were routed to it. It never compares the path.
    pub fn service(&self) -> EngineService<H> {
        EngineService::new(Arc::clone(&self.state))
    }

    /// The engine as a layer: requests below its path (by segment) are its own, all others go on.
    pub fn layer(&self) -> EngineLayer<H> {
        EngineLayer::new(self.service())
    }

    /// How many sessions are open.
    pub fn sessions(&self) -> usize {
        self.state.sessions.len()
    }

    /// What the engine has done so far, and what it holds at this moment.
    ///
    /// Sessions are exact. What they have moved is added up at the end of each turn of their task, so it is complete when
    /// the tasks sleep.
    pub fn stats(&self) -> Stats {
        self.state.counters.stats(self.sessions())
    }

    /// The path of [`layer`](Self::layer), for whoever mounts the service.
    pub fn path(&self) -> &str {
        &self.state.settings.path
    }

    /// What the engine was built with.
    pub fn handler(&self) -> &H {
        &self.state.handler
    }

    /// A handle that does not keep the engine alive.
    pub fn downgrade(&self) -> WeakEngine<H> {
        WeakEngine { state: Arc::downgrade(&self.state) }
    }

    /// The protocol's settings.
    pub fn config(&self) -> &Arc<Config> {
        &self.state.config
    }

    #[cfg(test)]
    pub(crate) const fn state(&self) -> &Arc<EngineState<H>> {
        &self.state
    }

    /// Makes shutdowns wait for one session's task less: for a session that has closed, and whose handler would be
    /// waited for while it waits for the shutdown itself.
    pub fn excuse(&self) -> Excused {
        Excused::new(&self.state.shutdown)
    }

    /// Ends all sessions, in batches, and refuses new ones from this call on (503 with `Retry-After: 1`).
    ///
    /// What is queued is flushed on every transport; a websocket gets a close frame, a polling client the packet
    /// `1`. Sessions that are not done after `grace` are cut. Resolves when no session's task is left, or shortly
    /// after `grace`.
    ///
    /// Awaited by the handler of one of its sessions, it waits for that very handler; see [`excuse`](Self::excuse).
    pub fn shutdown(&self, grace: Duration) -> impl Future<Output = Report> + Send + 'static {
        self.state.shutdown.begin();
        shut_down(Arc::clone(&self.state), grace)
    }
}

/// The handle of an [`Engine`] that does not keep it alive: for what the engine's own handler holds.
pub struct WeakEngine<H> {
    state: Weak<EngineState<H>>,
}

impl<H> WeakEngine<H> {
    /// The engine, if one of its handles or services still lives.
    pub fn upgrade(&self) -> Option<Engine<H>> {
        self.state.upgrade().map(|state| Engine { state })
    }
}

impl<H> Clone for WeakEngine<H> {
    fn clone(&self) -> Self {
        Self { state: Weak::clone(&self.state) }
    }
}

impl<H> fmt::Debug for WeakEngine<H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WeakEngine").finish_non_exhaustive()
    }
}

impl<H> Clone for Engine<H> {
    fn clone(&self) -> Self {
        Self { state: Arc::clone(&self.state) }
    }
}

impl<H> fmt::Debug for Engine<H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Engine").field("sessions", &self.state.sessions.len()).finish_non_exhaustive()
    }
}
