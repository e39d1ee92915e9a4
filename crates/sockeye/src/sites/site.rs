//! One namespace of a built server.

use std::sync::Arc;

use sockeye_core::{LocalAdapter, NamespaceContext, Observers, SocketConfig};

use crate::{
    hooks::HookQueue,
    namespace::Table,
    rooms::{RoomNews, Rooms},
};

/// One namespace: what was declared, and who is in it.
pub(crate) struct Site {
    pub(crate) table: Arc<Table>,
    pub(crate) rooms: Arc<Rooms>,
    pub(crate) context: Arc<NamespaceContext>,
}

impl Site {
    pub(crate) fn new(
        name: Arc<str>,
        table: Arc<Table>,
        sockets: SocketConfig,
        observers: &Arc<Observers>,
    ) -> Self {
        let news = RoomNews::new(
            name.clone(),
            observers.clone(),
            HookQueue::new(&table.hooks),
            sockets.max_room_hooks,
        );
        let rooms = Arc::new(Rooms::new(sockets.max_rooms, sockets.max_room_len, news));
        let adapter = Arc::new(LocalAdapter::new(rooms.clone()));
        let context = NamespaceContext::new(name, adapter, rooms.clone(), sockets)
            .with_observers(observers.clone())
            .with_data_type(table.data)
            .with_taps(table.taps.clone());
        Self { table, rooms, context: Arc::new(context) }
    }

    pub(crate) fn name(&self) -> &Arc<str> {
        self.context.name()
    }

    /// Handlers were dropped before they had ended.
    pub(crate) fn report_cut(&self, handlers: usize) {
        if handlers > 0 {
            tracing::debug!(target: "sockeye::session", namespace = %self.name(), handlers, "handlers were cut");
        }
    }
}
