//! The end of the server.

use std::time::Duration;

use sockeye::{Namespace, Sockeye, serve::ServeConfig};
use tokio::{sync::oneshot, time::Instant};

use crate::kit::{HELLO, Server, assert_about, pass, routes, settle};

fn ending(config: ServeConfig) -> (Server, oneshot::Sender<()>) {
    let (end, ended) = oneshot::channel();
    let server = Server::until(routes(), config, async {
        let _ = ended.await;
    });
    (server, end)
}

#[tokio::test(start_paused = true)]
async fn a_shutdown_answers_what_is_under_way_and_takes_nothing_new() {
    let (server, end) =
        ending(ServeConfig { shutdown_timeout: Duration::from_secs(90), ..ServeConfig::default() });
    let (mut idle, mut silent, mut slow) = (server.connect(), server.connect(), server.connect());
    assert_eq!(idle.ask(HELLO).await.unwrap().0, 200);
    slow.write(HELLO.replacen('/', "/slow", 1)).await;
    pass(1.0).await;
    end.send(()).unwrap();
    assert!(idle.is_closed().await && silent.is_closed().await);
    assert!(server.connect().is_closed().await);
    assert!(!server.task.is_finished());
    assert_eq!(slow.answer().await, Some((200, String::new())));
    assert_about(slow.rest().await.1, 60.0);
    server.task.await.unwrap().unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_shutdown_is_not_held_up_by_a_peer() {
    let (server, end) = ending(ServeConfig::default());
    let mut slow = server.connect();
    slow.write(HELLO.replacen('/', "/slow", 1)).await;
    settle().await;
    end.send(()).unwrap();
    let began = Instant::now();
    server.task.await.unwrap().unwrap();
    assert_about(began.elapsed().as_secs_f64(), 30.0);
    assert_about(slow.rest().await.1, 30.0);
}

#[tokio::test(start_paused = true)]
async fn a_server_that_is_dropped_closes_its_connections() {
    let server = Server::of_routes(ServeConfig::default());
    let mut peer = server.connect();
    peer.write(HELLO.replacen('/', "/slow", 1)).await;
    settle().await;
    server.task.abort();
    assert!(peer.is_closed().await);
}

#[tokio::test(start_paused = true)]
async fn sessions_are_closed_before_the_server_ends() {
    let sockeye = Sockeye::builder().namespace("/", Namespace::<()>::new()).build();
    let (end, ended) = oneshot::channel::<()>();
    let signal = sockeye.io().shutdown_on(async {
        let _ = ended.await;
    });
    let server = Server::until(sockeye.router(), ServeConfig::default(), async move {
        signal.await;
    });
    let mut peer = server.connect();
    let get = |sid: &str| {
        format!("GET /socket.io/?EIO=4&transport=polling{sid} HTTP/1.1\r\nhost: a.example\r\n\r\n")
    };
    let open = peer.ask(get("")).await.unwrap().1;
    let sid = format!("&sid={}", open.split('"').nth(3).unwrap());
    peer.write(get(&sid)).await;
    settle().await;
    end.send(()).unwrap();
    assert_eq!(peer.answer().await, Some((200, "1".to_owned())));
    server.task.await.unwrap().unwrap();
    assert_eq!(sockeye.sessions(), 0);
}
