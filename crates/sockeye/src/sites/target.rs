//! Whom `io.of(name)` means: a namespace that stays, one that comes and goes, or all that were made for a pattern.

use std::{
    future::ready,
    sync::{Arc, Weak},
    time::Duration,
};

use futures_util::{
    FutureExt as _, StreamExt as _,
    future::{self, BoxFuture},
    stream::{self, BoxStream},
};
use sockeye_core::{
    Adapter, AdapterError, Broadcast, Delivery, Encoded, Id, JoinError, Local, NamespaceContext, Room, Scope,
    Socket, SocketInfo, adapter::Answered,
};

use super::{Parent, Sites};

/// The namespaces that a broadcast means at the moment when something is emitted, not when it was made: whoever keeps
/// it goes on to reach a namespace that has gone and has come again.
struct Dynamic {
    sites: Weak<Sites>,
    which: Which,
}

enum Which {
    Named(Arc<str>),
    /// All that were made for it.
    Pattern(Arc<str>),
}

impl Sites {
    /// All sockets of the namespace of that name.
    pub(crate) fn broadcast(self: &Arc<Self>, name: &str) -> Broadcast {
        if let Some(site) = self.find(name).filter(|site| site.child.is_none()) {
            return Broadcast::new(site.context.clone());
        }
        if let Some(parent) = self.parents.iter().find(|parent| **parent.pattern.text() == *name) {
            return self.dynamic(parent, parent.pattern.text().clone(), Which::Pattern);
        }
        match self.parents.iter().find(|parent| parent.pattern.parameters(name).is_some()) {
            Some(parent) => self.dynamic(parent, name.into(), Which::Named),
            None => Broadcast::unknown(name),
        }
    }

    /// What the first parent that fits allows to be emitted is what is allowed: nobody knows which others there will be.
    fn dynamic(self: &Arc<Self>, parent: &Parent, name: Arc<str>, which: fn(Arc<str>) -> Which) -> Broadcast {
        let target = Arc::new(Dynamic { sites: Arc::downgrade(self), which: which(name.clone()) });
        let context = NamespaceContext::new(name, target.clone(), target, self.common.sockets.clone());
        let context = context.with_observers(self.common.io.observers().clone());
        Broadcast::new(Arc::new(context.with_contract(parent.table.contract.clone())))
    }
}

impl Dynamic {
    fn namespaces(&self) -> Vec<Arc<NamespaceContext>> {
        let Some(sites) = self.sites.upgrade() else { return Vec::new() };
        match &self.which {
            Which::Named(name) => sites.find(name).map(|site| site.context.clone()).into_iter().collect(),
            Which::Pattern(pattern) => {
                let all = sites.all().into_iter();
                all.filter(|site| sites.pattern(site) == Some(pattern))
                    .map(|site| site.context.clone())
                    .collect()
            }
        }
    }

    /// Asks each of them, at once; what follows is for other nodes.
    fn each<T: Send + 'static>(
        &self,
        scope: &Scope,
        ask: impl Fn(&dyn Adapter, Arc<Scope>) -> BoxFuture<'static, Result<T, AdapterError>>,
    ) -> BoxFuture<'static, Result<Vec<T>, AdapterError>> {
        let ask = |namespace: &Arc<NamespaceContext>| ask(&**namespace.adapter(), within(scope, namespace));
        let asked: Vec<_> = self.namespaces().iter().map(ask).collect();
        match asked.len() {
            0 => ready(Ok(Vec::new())).boxed(),
            _ => future::try_join_all(asked).boxed(),
        }
    }
}

/// The same scope in one of the namespaces.
fn within(scope: &Scope, namespace: &NamespaceContext) -> Arc<Scope> {
    Arc::new(scope.clone().within(namespace.name()))
}

impl Adapter for Dynamic {
    fn broadcast(
        &self,
        scope: Arc<Scope>,
        event: Encoded,
        delivery: Delivery,
    ) -> BoxFuture<'static, Result<(), AdapterError>> {
        self.each(&scope, |adapter, scope| adapter.broadcast(scope, event.clone(), delivery)).map(all).boxed()
    }

    fn call(
        &self,
        scope: Arc<Scope>,
        event: Encoded,
        delivery: Delivery,
        timeout: Duration,
    ) -> BoxStream<'static, Answered> {
        let namespaces = self.namespaces();
        let ask = |namespace: &Arc<NamespaceContext>| {
            namespace.adapter().call(within(&scope, namespace), event.clone(), delivery, timeout)
        };
        // Asked now, all of them, and not when the answers are awaited.
        let answers: Vec<_> = namespaces.iter().map(ask).collect();
        stream::select_all(answers).boxed()
    }

    fn sockets(&self, scope: Arc<Scope>) -> BoxFuture<'static, Result<Vec<SocketInfo>, AdapterError>> {
        let sockets = self.each(&scope, |adapter, scope| adapter.sockets(scope));
        sockets.map(|sockets| sockets.map(|sockets| sockets.into_iter().flatten().collect())).boxed()
    }

    fn count(&self, scope: Arc<Scope>) -> BoxFuture<'static, Result<usize, AdapterError>> {
        let counts = self.each(&scope, |adapter, scope| adapter.count(scope));
        counts.map(|counts| counts.map(|counts| counts.into_iter().sum())).boxed()
    }

    fn join(&self, scope: Arc<Scope>, rooms: Vec<Room>) -> BoxFuture<'static, Result<(), AdapterError>> {
        self.each(&scope, |adapter, scope| adapter.join(scope, rooms.clone())).map(all).boxed()
    }

    fn leave(&self, scope: Arc<Scope>, rooms: Vec<Room>) -> BoxFuture<'static, Result<(), AdapterError>> {
        self.each(&scope, |adapter, scope| adapter.leave(scope, rooms.clone())).map(all).boxed()
    }

    fn disconnect(&self, scope: Arc<Scope>, close: bool) -> BoxFuture<'static, Result<(), AdapterError>> {
        self.each(&scope, |adapter, scope| adapter.disconnect(scope, close)).map(all).boxed()
    }
}

fn all(each: Result<Vec<()>, AdapterError>) -> Result<(), AdapterError> {
    each.map(drop)
}

/// Sockets belong to the namespaces themselves, so what is asked of one socket is asked there.
impl Local for Dynamic {
    fn members(&self, scope: &Scope) -> Vec<Socket> {
        let members =
            |namespace: &Arc<NamespaceContext>| namespace.local().members(&within(scope, namespace));
        self.namespaces().iter().flat_map(members).collect()
    }

    fn join(&self, socket: &Socket, rooms: &[Room]) -> Result<(), JoinError> {
        socket.context().local().join(socket, rooms)
    }

    fn leave(&self, socket: &Socket, rooms: &[Room]) -> Result<(), JoinError> {
        socket.context().local().leave(socket, rooms)
    }

    fn rooms_of(&self, socket: &Socket) -> Vec<Room> {
        socket.context().local().rooms_of(socket)
    }

    fn socket(&self, id: Id) -> Option<Socket> {
        self.namespaces().iter().find_map(|namespace| namespace.local().socket(id))
    }
}
