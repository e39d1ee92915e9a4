//! What all sessions of a server are served from.

use std::{fmt, sync::Arc};

use sockeye_proto::socket::MuxConfig;

use crate::{Io, settings::Settings, sites::Sites};

/// The namespaces of a server and its settings.
pub(crate) struct Mounted {
    pub(crate) sites: Arc<Sites>,
    pub(crate) settings: Settings,
    pub(crate) mux: Arc<MuxConfig>,
    pub(crate) io: Io,
}

impl Mounted {
    pub(crate) fn new(sites: Arc<Sites>, settings: Settings, mux: MuxConfig, io: Io) -> Self {
        Self { sites, settings, mux: Arc::new(mux), io }
    }
}

impl Drop for Mounted {
    fn drop(&mut self) {
        // An observer may hold the handle of this server, which holds the observers.
        self.io.observers().clear();
    }
}

impl fmt::Debug for Mounted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mounted").field("namespaces", &self.sites).finish_non_exhaustive()
    }
}
