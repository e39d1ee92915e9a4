//! The adapter of a server that is alone.

use std::{fmt, future::ready, sync::Arc, time::Duration};

use futures_util::{FutureExt as _, StreamExt as _, future::BoxFuture, stream::BoxStream};

use super::{Adapter, Answered, Local, call::LocalCall};
use crate::{AdapterError, Delivery, Encoded, Room, Scope, SocketInfo, recovery::Sequencer};

/// The adapter of a server without other nodes: what it does is done when the call returns.
///
/// Adapters to other nodes hold one for the sockets of their own process.
#[derive(Clone)]
pub struct LocalAdapter {
    local: Arc<dyn Local>,
    sequencer: Option<Arc<Sequencer>>,
}

impl LocalAdapter {
    /// The adapter to these sockets alone.
    pub fn new(local: Arc<dyn Local>) -> Self {
        Self { local, sequencer: None }
    }

    /// Gives broadcasts their order, and logs them, so that sessions can be recovered. Default: none.
    #[must_use]
    pub fn with_sequencer(mut self, sequencer: Option<Arc<Sequencer>>) -> Self {
        self.sequencer = sequencer;
        self
    }
}

impl Adapter for LocalAdapter {
    fn broadcast(
        &self,
        scope: Arc<Scope>,
        event: Encoded,
        delivery: Delivery,
    ) -> BoxFuture<'static, Result<(), AdapterError>> {
        match &self.sequencer {
            None => {
                self.local.deliver(&scope, &event.group(scope.namespace(), None), delivery);
            }
            Some(sequencer) => {
                let group = event.numbered(scope.namespace()).compress(delivery.compress);
                sequencer.broadcast(&*self.local, &scope, group, delivery);
            }
        }
        done(())
    }

    fn call(
        &self,
        scope: Arc<Scope>,
        event: Encoded,
        delivery: Delivery,
        timeout: Duration,
    ) -> BoxStream<'static, Answered> {
        LocalCall::new(self.local.members(&scope), &event, delivery, timeout).boxed()
    }

    fn sockets(&self, scope: Arc<Scope>) -> BoxFuture<'static, Result<Vec<SocketInfo>, AdapterError>> {
        done(self.local.members(&scope).iter().map(SocketInfo::of).collect())
    }

    fn count(&self, scope: Arc<Scope>) -> BoxFuture<'static, Result<usize, AdapterError>> {
        done(self.local.count(&scope))
    }

    fn join(&self, scope: Arc<Scope>, rooms: Vec<Room>) -> BoxFuture<'static, Result<(), AdapterError>> {
        for socket in self.local.members(&scope) {
            // Who has left meanwhile is no longer meant.
            let _ = self.local.join(&socket, &rooms);
        }
        done(())
    }

    fn leave(&self, scope: Arc<Scope>, rooms: Vec<Room>) -> BoxFuture<'static, Result<(), AdapterError>> {
        for socket in self.local.members(&scope) {
            let _ = self.local.leave(&socket, &rooms);
        }
        done(())
    }

    fn disconnect(&self, scope: Arc<Scope>, close: bool) -> BoxFuture<'static, Result<(), AdapterError>> {
        for socket in self.local.members(&scope) {
            if close {
                drop(socket.close());
            } else {
                drop(socket.disconnect());
            }
        }
        done(())
    }
}

fn done<T: Send + 'static>(value: T) -> BoxFuture<'static, Result<T, AdapterError>> {
    ready(Ok(value)).boxed()
}

impl fmt::Debug for LocalAdapter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LocalAdapter").finish_non_exhaustive()
    }
}
