//! A namespace with its state: what sessions are served from.

use std::sync::Arc;

use rustc_hash::FxHashMap;
use smol_str::SmolStr;
use sockeye_core::{Contract, DataType, socket::Tap};

use super::{Order, ServerEvents};
use crate::{admit::AdmitService, hooks::Hooks, route::Route};

/// A built namespace. Frozen before the first client, so reading it needs no lock.
#[derive(Debug)]
pub(crate) struct Table {
    /// The handlers that no layer of the namespace stands before.
    ///
    /// Clients only look into it, so nobody can make names that collide in it: the quickest hasher will do.
    pub(super) direct: FxHashMap<SmolStr, Route>,
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
    /// The name of an event to keep, and where it goes if nobody but the namespace listens to it.
    pub(crate) fn find(&self, name: &str) -> (SmolStr, &Route) {
        match self.direct.get_key_value(name) {
            Some((name, route)) => (name.clone(), route),
            None => (SmolStr::new(name), &self.root),
        }
    }
}
