//! A server that ends takes leave of everybody.

use std::time::Duration;

use axum::{
    body::Body,
    http::{Request, StatusCode},
};
use sockeye::{Data, DisconnectReason, Io, Namespace, Socket, Sockeye};
use tokio::{
    sync::oneshot,
    time::{Instant, sleep},
};
use tower::ServiceExt;

use crate::kit::{BOTH, Client, Got, Log, Via, settle};

fn witness(log: &Log) -> Namespace {
    let goes = log.clone();
    Namespace::new().on_disconnect(async move |reason: DisconnectReason| goes.write(reason.as_str()))
}

#[tokio::test(start_paused = true)]
async fn what_is_queued_is_written_and_no_disconnect_is_sent() {
    for via in BOTH {
        let io = Io::new();
        let log = Log::default();
        let app = Sockeye::builder().handle(&io).namespace("/", witness(&log)).build().router();
        let (mut client, _) = Client::join(&app, via).await;
        io.emit("last", ()).await.unwrap();
        let shutdown = tokio::spawn(async move { io.shutdown().await });
        settle().await;
        assert_eq!(client.packet().await, r#"42["last"]"#);
        assert_eq!(client.next().await, Got::Closed, "no 41: a stock client would not come back");
        let report = shutdown.await.unwrap();
        assert_eq!((report.closed, report.flushed, report.aborted), (1, 1, 0));
        assert_eq!(log.lines(), ["server shutting down"]);
    }
}

#[tokio::test(start_paused = true)]
async fn new_sessions_are_refused_from_the_signal_on() {
    let io = Io::new();
    let app = Sockeye::builder().handle(&io).namespace("/", Namespace::<()>::new()).build().router();
    let open = async || {
        let request = Request::get("/socket.io/?EIO=4&transport=polling").body(Body::empty()).unwrap();
        let (parts, body) = app.clone().oneshot(request).await.unwrap().into_parts();
        // Read to its end: an answer that is dropped unread ends the session.
        axum::body::to_bytes(body, 1000).await.unwrap();
        parts
    };
    let (signal, signalled) = oneshot::channel::<()>();
    let stopped = tokio::spawn(io.shutdown_on(signalled));
    assert_eq!(open().await.status, StatusCode::OK);
    signal.send(()).unwrap();
    settle().await;
    let refused = open().await;
    assert_eq!(refused.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(refused.headers.contains_key("retry-after"));
    let before = Instant::now();
    stopped.await.unwrap();
    assert_eq!(before.elapsed().as_secs(), 9, "the session that nobody polls is cut after ten seconds");
}

#[tokio::test(start_paused = true)]
async fn handlers_finish_or_are_cut_at_the_deadline() {
    let io = Io::new();
    let log = Log::default();
    let written = log.clone();
    let namespace = witness(&log).on("work", async move |Data(seconds): Data<u64>| {
        sleep(Duration::from_secs(seconds)).await;
        written.write(format!("worked {seconds}"));
    });
    let app = Sockeye::builder().handle(&io).namespace("/", namespace).build().router();
    let (mut client, _) = Client::join(&app, Via::WebSocket).await;
    client.send_all(&[r#"42["work",2]"#, r#"42["work",60]"#]).await;
    settle().await;
    let before = Instant::now();
    io.shutdown().grace(Duration::from_secs(5)).await;
    assert_eq!(before.elapsed().as_secs(), 5, "{:?}", before.elapsed());
    assert_eq!(log.lines(), ["server shutting down", "worked 2"]);
}

#[tokio::test(start_paused = true)]
async fn handlers_of_sessions_that_have_ended_are_cut_at_the_deadline_too() {
    for via in BOTH {
        let io = Io::new();
        let log = Log::default();
        let (work, left) = (log.clone(), log.clone());
        let namespace = Namespace::new()
            .on("work", async move || {
                let _cut = CallOnDrop(|| work.write("cut"));
                sleep(Duration::from_secs(20)).await;
                work.write("worked");
            })
            .on_disconnect(async move |reason: DisconnectReason| {
                left.write(format!("begins: {reason}"));
                sleep(Duration::from_millis(100)).await;
                left.write("said its last words");
                sleep(Duration::from_secs(20)).await;
                left.write("never");
            });
        let app = Sockeye::builder().handle(&io).namespace("/", namespace).build().router();
        let (mut client, _) = Client::join(&app, via).await;
        client.send(r#"42["work"]"#).await;
        settle().await;
        client.send("41").await;
        settle().await;
        assert_eq!(
            log.lines(),
            ["begins: client namespace disconnect", "said its last words"][..log.lines().len()]
        );
        drop(client);
        let before = Instant::now();
        let report = io.shutdown().grace(Duration::from_secs(5)).await;
        assert!(before.elapsed() < Duration::from_secs(6), "{:?}", before.elapsed());
        assert_eq!(report.aborted, 0);
        let lines = log.lines();
        assert_eq!(lines[..2], ["begins: client namespace disconnect", "said its last words"]);
        assert_eq!(lines[2..], ["cut"]);
    }
}

/// Calls when a future that holds it is dropped.
struct CallOnDrop<F: Fn()>(F);

impl<F: Fn()> Drop for CallOnDrop<F> {
    fn drop(&mut self) {
        (self.0)();
    }
}

#[tokio::test(start_paused = true)]
async fn a_handler_may_end_the_server_that_runs_it() {
    for via in BOTH {
        let io = Io::new();
        let log = Log::default();
        let written = log.clone();
        let namespace = witness(&log).on("stop", async move |io: Io| {
            let before = Instant::now();
            io.shutdown().grace(Duration::from_secs(60)).await;
            assert!(before.elapsed().as_secs() < 5, "{:?}", before.elapsed());
            written.write("stopped");
        });
        let app = Sockeye::builder().handle(&io).namespace("/", namespace).build().router();
        let (mut client, _) = Client::join(&app, via).await;
        client.send(r#"42["stop"]"#).await;
        client.assert_closed().await;
        let mut lines = log.wait(2).await;
        lines.sort();
        assert_eq!(lines, ["server shutting down", "stopped"]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_handler_may_await_its_own_end() {
    for via in BOTH {
        let log = Log::default();
        let written = log.clone();
        let namespace = witness(&log).on("go", async move |socket: Socket, Data(close): Data<bool>| {
            if close {
                socket.close().await;
            } else {
                socket.disconnect().await;
            }
            written.write("awaited");
        });
        let app = Sockeye::builder().namespace("/", namespace).build().router();
        let (mut client, _) = Client::join(&app, via).await;
        client.send(r#"42["go",false]"#).await;
        assert_eq!(log.wait(2).await, ["awaited", "server namespace disconnect"]);
        assert_eq!(client.packet().await, "41");
        client.connect("40").await;
        client.send(r#"42["go",true]"#).await;
        assert_eq!(log.wait(4).await[2..], ["awaited", "server namespace disconnect"]);
    }
}
