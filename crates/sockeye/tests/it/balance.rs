//! Whatever a client sends, and in whatever order: who came has gone in the end, once.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use sockeye::{Data, Handler, Io, Joining, Namespace, Refusal, Socket, Sockeye};
use tower::{limit::ConcurrencyLimitLayer, load_shed::LoadShedLayer};

use crate::kit::{BOTH, Client, Via};

#[derive(Clone, Default)]
struct Counts {
    connects: Arc<AtomicUsize>,
    disconnects: Arc<AtomicUsize>,
    /// Handlers that run at this moment.
    running: Arc<AtomicUsize>,
}

/// Counted as running while it lives.
struct Running(Arc<AtomicUsize>);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Counts {
    fn run(&self) -> Running {
        self.running.fetch_add(1, Ordering::SeqCst);
        Running(self.running.clone())
    }
}

fn namespace(counts: &Counts) -> Namespace {
    let (comes, goes, runs) = (counts.clone(), counts.clone(), counts.clone());
    Namespace::new()
        .admit(async |Joining(socket): Joining| {
            let auth = String::from_utf8_lossy(socket.auth()).into_owned();
            if auth.contains("slow") {
                tokio::time::sleep(Duration::from_secs(3)).await;
            }
            socket.join("early").await.unwrap();
            assert!(!auth.contains("panic"));
            if auth.contains("no") { Err(Refusal::new("no")) } else { Ok(()) }
        })
        .on_connect(async move |socket: Socket| {
            comes.connects.fetch_add(1, Ordering::SeqCst);
            let _ = socket.join("room").await;
            if socket.auth().len() > 20 {
                tokio::time::sleep(Duration::from_secs(2)).await;
                panic!("in a connect handler");
            }
        })
        .on("quick", async || Data(1))
        .on("panic", async || -> Data<u8> { panic!("in a handler") })
        .on("leave", async |socket: Socket| socket.disconnect().await)
        .on("close", async |socket: Socket| socket.close().await)
        .on("sleep", async move || {
            let _running = runs.run();
            tokio::time::sleep(Duration::from_secs(5)).await;
        })
        .on(
            "shed",
            (async || tokio::time::sleep(Duration::from_secs(1)).await).layer(ConcurrencyLimitLayer::new(1)),
        )
        .layer(LoadShedLayer::new())
        .on_disconnect(async move |socket: Socket| {
            goes.disconnects.fetch_add(1, Ordering::SeqCst);
            assert!(socket.rooms().iter().any(|room| *room == "early"));
            assert!(!socket.connected());
        })
}

/// Mostly harmless, so that sessions live for a while; the last few end them.
const PACKETS: [&str; 18] = [
    "40",
    r#"40{"how":"no"}"#,
    r#"40{"how":"panic"}"#,
    r#"40/b,{"how":"slow"}"#,
    r#"40/b,{"how":"a connect handler that panics"}"#,
    "40/unknown,",
    r#"421["quick"]"#,
    r#"42["panic"]"#,
    r#"422["sleep"]"#,
    r#"42["shed"]"#,
    r#"423["unknown"]"#,
    r#"42/b,["quick"]"#,
    r#"42/b,["leave"]"#,
    r#"42["leave"]"#,
    "41",
    "41/b,",
    r#"42["close"]"#,
    "4x",
];

struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(sides).unwrap()).unwrap()
    }
}

async fn play(app: &axum::Router, via: Via, dice: &mut Dice) {
    let mut client = Client::open(app, via).await;
    client.send("40").await;
    for _ in 0..dice.roll(12) {
        let burst: Vec<&str> = (0..=dice.roll(3)).map(|_| PACKETS[dice.roll(PACKETS.len())]).collect();
        client.send_all(&burst).await;
        // Read what came, so that the answers do not pile up.
        for _ in 0..dice.roll(4) {
            let _ = tokio::time::timeout(Duration::from_millis(700), client.next()).await;
        }
    }
    match client {
        // Its GET may have been answered meanwhile, so it is not asked to wait for one.
        Client::Polling(polling) => drop(polling),
        Client::WebSocket(websocket) => drop(websocket),
    }
}

#[tokio::test(start_paused = true)]
async fn connects_equal_disconnects_after_any_sequence() {
    let counts = Counts::default();
    let io = Io::new();
    let app = Sockeye::builder()
        .handle(&io)
        .namespace("/", namespace(&counts))
        .namespace("/b", namespace(&counts))
        .build()
        .router();
    for seed in 1..=150_u64 {
        for via in BOTH {
            play(&app, via, &mut Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15))).await;
        }
    }
    // Time for whoever polled to be missed, for handlers to be cut, and for disconnect handlers.
    tokio::time::sleep(Duration::from_secs(200)).await;
    let connects = counts.connects.load(Ordering::SeqCst);
    assert!(connects > 100, "{connects}");
    assert_eq!(counts.disconnects.load(Ordering::SeqCst), connects);
    assert_eq!(counts.running.load(Ordering::SeqCst), 0);
    assert_eq!(io.sessions(), 0);
    for name in ["/", "/b"] {
        assert!(io.of(name).sockets().await.unwrap().is_empty());
        assert!(io.of(name).to(["room", "early"]).sockets().await.unwrap().is_empty());
    }
}
