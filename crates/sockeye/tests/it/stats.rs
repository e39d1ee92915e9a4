//! The numbers of a server: sessions, what they move, how they end, and who is in which namespace.

use axum::Router;
use sockeye::{Data, Io, Namespace, Sockeye};

use crate::kit::{BOTH, Client, Via, eventually, settle};

fn served() -> (Router, Io) {
    let io = Io::new();
    let echo = || Namespace::new().on("echo", async |Data(text): Data<String>| Data(text));
    let sockeye = Sockeye::builder().handle(&io).namespace("/", echo()).namespace("/b", echo()).build();
    (sockeye.router(), io)
}

#[test]
fn a_server_that_is_not_built_has_done_nothing() {
    assert_eq!(Io::new().stats(), sockeye::Stats::default());
}

#[tokio::test(start_paused = true)]
async fn messages_are_counted_alike_on_both_transports() {
    for via in BOTH {
        let (app, io) = served();
        let (mut client, id) = Client::join(&app, via).await;
        client.send(r#"421["echo","hi"]"#).await;
        assert_eq!(client.packet().await, r#"431["hi"]"#);
        settle().await;
        let stats = io.stats();
        assert_eq!(stats.packets_in, 2, "{via:?}");
        assert_eq!(stats.bytes_in, ("0".len() + r#"21["echo","hi"]"#.len()) as u64);
        assert_eq!(stats.packets_out, 2);
        assert_eq!(stats.bytes_out, (r#"0{"sid":""}"#.len() + id.len() + r#"31["hi"]"#.len()) as u64);
    }
}

#[tokio::test(start_paused = true)]
async fn heartbeats_are_not_messages() {
    let (app, io) = served();
    let (mut client, _) = Client::join(&app, Via::WebSocket).await;
    let before = io.stats();
    let _ = tokio::time::timeout(std::time::Duration::from_secs(60), client.next()).await;
    assert_eq!(io.stats(), before);
    assert_eq!(before.sessions, 1);
}

#[tokio::test(start_paused = true)]
async fn sessions_and_sockets_are_counted_while_they_are_there() {
    let (app, io) = served();
    let (mut one, _) = Client::join(&app, Via::WebSocket).await;
    let (two, _) = Client::join(&app, Via::Polling).await;
    one.send("40/b,").await;
    let _ = one.packet().await;
    let stats = io.stats();
    assert_eq!((stats.sessions, stats.polling_sessions, stats.opened), (2, 1, 2));
    let sockets: Vec<_> = stats.namespaces.iter().map(|one| (&*one.name, one.sockets)).collect();
    assert_eq!(sockets, [("/", 2), ("/b", 1)]);
    assert!(stats.closed.is_empty());

    one.vanish().await;
    two.vanish().await;
    assert!(eventually(|| io.sessions() == 0).await);
    let stats = io.stats();
    assert_eq!((stats.sessions, stats.polling_sessions, stats.opened), (0, 0, 2));
    assert_eq!(stats.closed, [("transport close", 1), ("transport error", 1)]);
    assert!(stats.namespaces.iter().all(|one| one.sockets == 0));
}
