//! Events of other servers, as an adapter brings them.

use serde_json::Value;
use sockeye::{Arguments, Data, Io, Namespace, Reply, ServerEvent, Socket, Sockeye};
use tokio::sync::mpsc;

use crate::kit::{Client, Via, settle};

/// What an adapter does with an event that it has received.
async fn receive(socket: &Socket, name: &str, json: &str) -> Reply {
    let event = ServerEvent::new("/", name, Arguments::json(json).unwrap());
    socket.context().local().server_event(event).await
}

fn answer(reply: &Reply) -> Option<Value> {
    reply.arguments()?.deserialize_first().ok()
}

#[tokio::test(start_paused = true)]
async fn handlers_answer_other_servers_and_no_client_hears_of_it() {
    let (tell, mut told) = mpsc::unbounded_channel();
    let namespace = Namespace::new()
        .on_connect(async move |socket: Socket| drop(tell.send(socket)))
        .on_server_event("add", async |own: u64, event: ServerEvent| {
            let (a, b) = event.args::<(u64, u64)>().unwrap_or_default();
            Data(own + a + b)
        })
        .on_server_event("break", async |_, event: ServerEvent| {
            assert!(event.data::<bool>().is_ok(), "in a handler of servers' events");
        });
    let sockeye = Sockeye::builder().namespace("/", namespace).build_with_state(100);
    let (mut client, _) = Client::join(&sockeye.router(), Via::WebSocket).await;
    let socket = told.recv().await.unwrap();
    assert_eq!(answer(&receive(&socket, "add", "[1,2]").await), Some(Value::from(103)));
    assert_eq!(receive(&socket, "break", "[true]").await.as_json(), Some("[]"));
    let broken = receive(&socket, "break", "[1]").await;
    assert_eq!(broken.error_code().as_deref(), Some("internal"));
    assert!(receive(&socket, "nobody listens", "[]").await.is_none());

    // This server is alone, and does not hear itself.
    let io: Io = sockeye.io().clone();
    io.of("/").server_emit("add", (1, 2)).await.unwrap();
    assert!(io.of("/").server_emit_with_ack::<u64>("add", (1, 2)).await.unwrap().is_empty());
    settle().await;
    client.assert_silent().await;
}

#[test]
#[should_panic(expected = "reserved")]
fn the_servers_own_names_have_no_handlers() {
    drop(Namespace::<()>::new().on_server_event("connection", async |(), _| {}));
}

#[test]
#[should_panic(expected = "two handlers")]
fn a_servers_event_has_one_handler() {
    let namespace = Namespace::<()>::new().on_server_event("e", async |(), _| {});
    drop(namespace.on_server_event("e", async |(), _| {}));
}
