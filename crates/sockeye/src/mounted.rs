//! What all sessions of a server are served from. Frozen when the server is built.

use std::{collections::HashMap, fmt, sync::Arc};

use sockeye_core::{LocalAdapter, NamespaceContext, Observers, SocketConfig};
use sockeye_proto::socket::MuxConfig;

use crate::{
    Io,
    namespace::Table,
    rooms::{RoomNews, Rooms},
    settings::Settings,
};

/// The namespaces of a server and its settings.
pub(crate) struct Mounted {
    sites: HashMap<Arc<str>, Arc<Site>>,
    pub(crate) settings: Settings,
    pub(crate) mux: Arc<MuxConfig>,
    pub(crate) io: Io,
}

/// One namespace: what was declared, and who is in it.
pub(crate) struct Site {
    pub(crate) table: Table,
    pub(crate) rooms: Arc<Rooms>,
    pub(crate) context: Arc<NamespaceContext>,
}

impl Mounted {
    pub(crate) fn new(
        tables: Vec<Table>,
        sockets: &SocketConfig,
        settings: Settings,
        mux: MuxConfig,
        io: Io,
    ) -> Self {
        let site =
            |table: Table| (table.name.clone(), Arc::new(Site::new(table, sockets.clone(), io.observers())));
        let sites = tables.into_iter().map(site);
        Self { sites: sites.collect(), settings, mux: Arc::new(mux), io }
    }

    /// Each namespace, with how many sockets are in it.
    pub(crate) fn sockets(&self) -> impl Iterator<Item = (Arc<str>, usize)> {
        self.sites.values().map(|site| (site.table.name.clone(), site.rooms.len()))
    }

    pub(crate) fn site(&self, name: &str) -> Option<&Arc<Site>> {
        self.sites.get(name)
    }
}

impl Site {
    fn new(table: Table, sockets: SocketConfig, observers: &Arc<Observers>) -> Self {
        let name = table.name.clone();
        let news = RoomNews::new(name.clone(), observers.clone());
        let rooms = Arc::new(Rooms::new(sockets.max_rooms, sockets.max_room_len, news));
        let adapter = Arc::new(LocalAdapter::new(rooms.clone()));
        let context =
            NamespaceContext::new(name, adapter, rooms.clone(), sockets).with_observers(observers.clone());
        Self { table, rooms, context: Arc::new(context) }
    }

    /// Handlers were dropped before they had ended.
    pub(crate) fn report_cut(&self, handlers: usize) {
        if handlers > 0 {
            tracing::debug!(target: "sockeye::session", namespace = %self.table.name, handlers, "handlers were cut");
        }
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
        f.debug_struct("Mounted").field("namespaces", &self.sites.keys()).finish_non_exhaustive()
    }
}
