//! A namespace with its state: what sessions are served from.

use std::{borrow::Cow, sync::Arc};

use rustc_hash::FxHashMap;
use sockeye_core::{Contract, DataType, socket::Tap};

use super::{Order, ServerEvents};
use crate::{admit::AdmitService, hooks::Hooks, route::Route};

/// A built namespace. Frozen before the first client, so reading it needs no lock.
#[derive(Debug)]
pub(crate) struct Table {
    /// The names that have a handler; and the handler, where no layer of the namespace stands before it.
    ///
    /// Clients only look into it, so nobody can make names that collide in it: the quickest hasher will do.
    pub(super) names: FxHashMap<Arc<str>, Option<Route>>,
    /// The dispatcher with all layers of the namespace around it.
    pub(crate) root: Route,
    pub(crate) on_connect: Option<Route>,
    pub(crate) on_disconnect: Option<Route>,
    /// Nothing when everybody may join.
    pub(crate) admit: Option<AdmitService>,
    pub(crate) order: Order,
    /// Whether clients that come back in time go on where they were, if the server has recovery.
    pub(crate) recovers: bool,
    /// What the data of its sockets is declared to be.
    pub(crate) data: Option<DataType>,
    pub(crate) hooks: Hooks<Route>,
    pub(crate) server_events: ServerEvents,
    /// Who is told of what is emitted.
    pub(crate) taps: Vec<Tap>,
    /// What may be emitted.
    pub(crate) contract: Option<Arc<Contract>>,
}

impl Table {
    /// The name of an event to keep: shared if it has a handler, copied if nobody knows it.
    pub(crate) fn event_name(&self, name: Cow<'_, str>) -> Arc<str> {
        self.find(name).0
    }

    /// The same, and where the event goes if nobody but the namespace listens to it.
    pub(crate) fn find(&self, name: Cow<'_, str>) -> (Arc<str>, &Route) {
        match self.names.get_key_value(&*name) {
            Some((name, Some(route))) => (name.clone(), route),
            Some((name, None)) => (name.clone(), &self.root),
            None => (Arc::from(name), &self.root),
        }
    }
}
