//! Two servers that know of each other, without a network.

use std::{sync::Weak, time::Duration};

use futures_util::future::BoxFuture;
use serde_json::json;

use super::*;
use crate::{
    Adapter, AdapterError, BroadcastError, Delivery, Encoded, Id, JoinError, Local, LocalAdapter,
    NamespaceContext, Reply, Room, Scope, Socket, SocketInfo, adapter::Answered, testing::World,
};

/// Answers what it is told, and has no sockets.
struct Told;

impl Local for Told {
    fn members(&self, _: &Scope) -> Vec<Socket> {
        Vec::new()
    }

    fn join(&self, _: &Socket, _: &[Room]) -> Result<(), JoinError> {
        Err(JoinError::Closed)
    }

    fn leave(&self, _: &Socket, _: &[Room]) -> Result<(), JoinError> {
        Err(JoinError::Closed)
    }

    fn rooms_of(&self, _: &Socket) -> Vec<Room> {
        Vec::new()
    }

    fn socket(&self, _: Id) -> Option<Socket> {
        None
    }

    fn server_event(&self, event: ServerEvent) -> BoxFuture<'static, Reply> {
        let (a, b) = event.args::<(u32, Option<String>)>().unwrap();
        let answer = json!([event.namespace().as_ref(), event.name(), a, b, event.data::<u32>().unwrap()]);
        std::future::ready(Reply::json(&answer)).boxed()
    }
}

/// An adapter that reaches one other server.
struct Pair {
    here: LocalAdapter,
    there: Weak<dyn Local>,
}

impl Adapter for Pair {
    fn broadcast(
        &self,
        scope: Arc<Scope>,
        event: Encoded,
        delivery: Delivery,
    ) -> BoxFuture<'static, Result<(), AdapterError>> {
        self.here.broadcast(scope, event, delivery)
    }

    fn call(
        &self,
        scope: Arc<Scope>,
        event: Encoded,
        delivery: Delivery,
        timeout: Duration,
    ) -> BoxStream<'static, Answered> {
        self.here.call(scope, event, delivery, timeout)
    }

    fn sockets(&self, scope: Arc<Scope>) -> BoxFuture<'static, Result<Vec<SocketInfo>, AdapterError>> {
        self.here.sockets(scope)
    }

    fn join(&self, scope: Arc<Scope>, rooms: Vec<Room>) -> BoxFuture<'static, Result<(), AdapterError>> {
        self.here.join(scope, rooms)
    }

    fn leave(&self, scope: Arc<Scope>, rooms: Vec<Room>) -> BoxFuture<'static, Result<(), AdapterError>> {
        self.here.leave(scope, rooms)
    }

    fn disconnect(&self, scope: Arc<Scope>, close: bool) -> BoxFuture<'static, Result<(), AdapterError>> {
        self.here.disconnect(scope, close)
    }

    fn server_emit(&self, event: ServerEvent) -> BoxFuture<'static, Result<(), AdapterError>> {
        self.there.upgrade().unwrap().server_event(event).map(|_| Ok(())).boxed()
    }

    fn server_call(
        &self,
        event: ServerEvent,
        _: Duration,
    ) -> BoxStream<'static, Result<Arguments, AckError>> {
        let there = self.there.upgrade().unwrap().server_event(event);
        there.map(|reply| reply.arguments().ok_or(AckError::Timeout)).into_stream().boxed()
    }

    fn servers(&self) -> BoxFuture<'static, Result<usize, AdapterError>> {
        std::future::ready(Ok(2)).boxed()
    }
}

#[tokio::test]
async fn a_server_that_is_alone_tells_nobody_and_hears_nothing() {
    let world = World::new();
    let socket = world.socket();
    let all = Broadcast::new(world.namespace.clone());
    all.server_emit("hello", 1).await.unwrap();
    assert!(all.server_emit_with_ack::<u8>("hello", 1).await.unwrap().is_empty());
    assert_eq!(all.servers().await.unwrap(), 1);
    assert!(crate::testing::sent(&socket).is_empty(), "no client sees it");
    assert!(
        world
            .namespace
            .local()
            .server_event(ServerEvent::new("/", "e", Arguments::default()))
            .await
            .is_none()
    );
    for name in ["connect", "connection", "new_namespace", "disconnect"] {
        let refused = all.server_emit(name, ()).await;
        assert!(matches!(refused, Err(BroadcastError::Emit(EmitError::Reserved(_)))), "{name}");
        assert!(all.server_emit_with_ack::<u8>(name, ()).await.is_err(), "{name}");
    }
    assert!(matches!(
        Broadcast::closed("/").server_emit("e", ()).await,
        Err(BroadcastError::Emit(EmitError::Closed))
    ));
}

#[tokio::test]
async fn an_adapter_takes_events_to_other_servers_and_their_answers_back() {
    let world = World::new();
    let there: Arc<dyn Local> = Arc::new(Told);
    let local = world.namespace.local().clone();
    let pair = Pair { here: LocalAdapter::new(local.clone()), there: Arc::downgrade(&there) };
    let config = world.namespace.config().clone();
    let all = Broadcast::new(Arc::new(NamespaceContext::new("/chat", Arc::new(pair), local, config)));
    all.server_emit("hello", (1, "a")).await.unwrap();
    let answers = all.server_emit_with_ack::<serde_json::Value>("hello", (1, "a")).await.unwrap();
    let [Ok(answer)] = &answers[..] else { panic!("{answers:?}") };
    assert_eq!(*answer, json!(["/chat", "hello", 1, "a", 1]));
    assert_eq!(all.servers().await.unwrap(), 2);
}
