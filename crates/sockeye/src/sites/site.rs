//! One namespace of a built server.

use std::sync::Arc;

use http::Extensions;
use sockeye_core::{LocalAdapter, NamespaceContext, Parameters, SocketConfig};

use super::{child::Child, order::Sequencers};
use crate::{
    Io, extensions,
    hooks::HookQueue,
    namespace::Table,
    rooms::{RoomNews, Rooms},
};

/// One namespace: what was declared, and who is in it.
pub(crate) struct Site {
    pub(crate) table: Arc<Table>,
    pub(crate) rooms: Arc<Rooms>,
    pub(crate) context: Arc<NamespaceContext>,
    /// Only of those that are made when somebody comes.
    pub(super) child: Option<Child>,
}

/// What all namespaces of a server have in common.
#[derive(Clone, Debug, Default)]
pub(crate) struct Common {
    pub(crate) sockets: SocketConfig,
    pub(crate) io: Io,
    /// Nothing where recovery is off.
    pub(crate) recovery: Option<Sequencers>,
}

impl Site {
    pub(crate) fn new(
        name: Arc<str>,
        table: Arc<Table>,
        parameters: Option<Parameters>,
        Common { sockets, io, recovery }: &Common,
    ) -> Self {
        let news = RoomNews::new(
            name.clone(),
            io.observers().clone(),
            HookQueue::new(&table.hooks),
            sockets.max_room_hooks,
        );
        let rooms =
            Arc::new(Rooms::new(sockets.max_rooms, sockets.max_room_len, news, table.server_events.clone()));
        let sequencer = recovery.as_ref().filter(|_| table.recovers).map(Sequencers::make);
        let adapter = Arc::new(LocalAdapter::new(rooms.clone()).with_sequencer(sequencer.clone()));
        let mut server = Extensions::new();
        server.insert(io.clone());
        let context = NamespaceContext::new(name, adapter, rooms.clone(), sockets.clone())
            .with_observers(io.observers().clone())
            .with_server(server, extensions::complete)
            .with_data_type(table.data)
            .with_sequencer(sequencer)
            .with_taps(table.taps.clone())
            .with_parameters(parameters)
            .with_contract(table.contract.clone());
        Self { table, rooms, context: Arc::new(context), child: None }
    }

    pub(super) fn of_child(mut self, child: Child) -> Self {
        self.child = Some(child);
        self
    }

    pub(crate) fn name(&self) -> &Arc<str> {
        self.context.name()
    }

    /// Whether it is there for everybody to see: not if it waits for the first to be let in.
    pub(super) fn exists(&self) -> bool {
        self.child.as_ref().is_none_or(Child::is_created)
    }

    /// Handlers were dropped before they had ended.
    pub(crate) fn report_cut(&self, handlers: usize) {
        if handlers > 0 {
            tracing::debug!(target: "sockeye::session", namespace = %self.name(), handlers, "handlers were cut");
        }
    }
}
