//! Ten thousand events while a session moves from polling to a websocket, at a random point: none is lost, doubled or
//! out of order, in either direction.

use std::collections::VecDeque;

use sockeye::{Data, Namespace, Socket};
use tokio::{sync::watch, task::JoinHandle};

use crate::{
    kit::{Counter, Dice, eventually},
    support::{Peer, Request, Server, Via, WebSocket, frame},
};

/// In each direction.
const EVENTS: usize = 5_000;

/// Expects the client's numbers in order, and sends as many.
fn namespace(heard: &Counter, seed: u64) -> Namespace {
    let heard = heard.clone();
    Namespace::new()
        .on("up", async move |Data(number): Data<usize>| assert_eq!(heard.count(), number + 1))
        .on("go", async move |socket: Socket| {
            tokio::spawn(async move {
                let mut dice = Dice::new(seed ^ 0xffff);
                // Sometimes faster than the client moves, sometimes slower.
                let pace = 10 + dice.roll(600);
                for number in 0..EVENTS {
                    socket.emit("down", number).await.unwrap();
                    if dice.roll(pace) == 0 {
                        rest(&mut dice).await;
                    }
                }
            });
        })
}

/// Lets others run for a while.
async fn rest(dice: &mut Dice) {
    for _ in 0..dice.roll(12) {
        tokio::task::yield_now().await;
    }
}

/// What has come of the server's numbers.
#[derive(Debug, Default)]
struct Heard(usize);

impl Heard {
    fn packet(&mut self, packet: &str) {
        match packet {
            "6" => {}
            "2" => panic!("the clock has moved"),
            event => {
                let number = event.strip_prefix(r#"42["down","#).and_then(|rest| rest.strip_suffix(']'));
                assert_eq!(number, Some(&*self.0.to_string()), "{event}");
                self.0 += 1;
            }
        }
    }
}

/// Polls until it is told to stop, which it does when the GET under way has been answered.
fn polls(server: &Server, sid: &str, mut stop: watch::Receiver<bool>) -> JoinHandle<Heard> {
    let (server, sid) = (server.clone(), sid.to_owned());
    tokio::spawn(async move {
        let mut heard = Heard::default();
        while !*stop.borrow_and_update() {
            let answer = server.send(Request::poll(&sid)).await;
            answer.packets().split('\x1e').for_each(|packet| heard.packet(packet));
        }
        heard
    })
}

/// The client's numbers, in bursts of any length.
struct Ups(VecDeque<String>);

impl Ups {
    fn new() -> Self {
        Self((0..EVENTS).map(|number| format!(r#"42["up",{number}]"#)).collect())
    }

    fn next(&mut self, dice: &mut Dice) -> Vec<String> {
        let most = 1 + dice.roll(800);
        let burst = self.0.len().min(1 + dice.roll(most));
        self.0.drain(..burst).collect()
    }
}

/// One session: polls and posts, probes at some point, goes on polling and posting for a while, moves, and ends.
async fn play(seed: u64) {
    let dice = &mut Dice::new(seed);
    let heard = Counter::default();
    let server = Server::new(namespace(&heard, seed));
    let peer = Peer::join(&server, Via::Polling).await;
    let mut ups = Ups::new();
    server.post(&peer.sid, r#"42["go"]"#).await;
    let (stop, stopped) = watch::channel(false);
    let polling = polls(&server, &peer.sid, stopped);

    let before = dice.roll(14);
    posts(&server, &peer.sid, &mut ups, before, dice).await;
    let mut websocket = server.upgrade(&peer.sid).await;
    let probing = dice.roll(4);
    if dice.roll(2) == 0 {
        posts(&server, &peer.sid, &mut ups, probing, dice).await;
        websocket.send("2probe").await;
    } else {
        websocket.send("2probe").await;
        posts(&server, &peer.sid, &mut ups, probing, dice).await;
    }
    assert_eq!(websocket.text().await, "3probe");
    let answered = dice.roll(4);
    posts(&server, &peer.sid, &mut ups, answered, dice).await;
    // As the stock client does it: no request is under way when it moves.
    stop.send_replace(true);
    let mut came = polling.await.unwrap();

    let mut bytes = frame(1, "5");
    if dice.roll(2) == 0 {
        websocket.connection.write(std::mem::take(&mut bytes)).await;
        rest(dice).await;
    }
    while came.0 < EVENTS || !ups.0.is_empty() {
        for up in ups.next(dice) {
            bytes.extend(frame(1, up));
        }
        websocket.connection.write(std::mem::take(&mut bytes)).await;
        reads(&mut websocket, &mut came, 1 + dice.roll(1_000)).await;
    }
    assert!(eventually(|| heard.get() == EVENTS).await, "{} of {EVENTS} were heard", heard.get());
    // Nothing comes behind the last one, and the session lives.
    websocket.send(r#"42["up",5000]"#).await;
    assert!(eventually(|| heard.get() == EVENTS + 1).await);
    assert_eq!((came.0, server.sessions()), (EVENTS, 1));
    let more = tokio::time::timeout(std::time::Duration::from_secs(1), websocket.next()).await;
    assert!(more.is_err(), "{more:?}");
}

async fn posts(server: &Server, sid: &str, ups: &mut Ups, posts: usize, dice: &mut Dice) {
    for _ in 0..posts {
        let burst = ups.next(dice);
        if !burst.is_empty() {
            server.post(sid, &burst.join("\x1e")).await;
        }
        rest(dice).await;
    }
}

/// Reads so many frames, or what is left of them.
async fn reads(websocket: &mut WebSocket, came: &mut Heard, frames: usize) {
    for _ in 0..frames.min(EVENTS - came.0) {
        let text = websocket.text().await;
        came.packet(&text);
    }
}

/// A seed that fails is named, and can be played alone.
async fn all(seeds: std::ops::Range<u64>) {
    for seed in seeds {
        let played = tokio::spawn(play(seed)).await;
        assert!(played.is_ok(), "seed {seed} failed");
    }
}

#[tokio::test(start_paused = true)]
async fn ten_thousand_events_survive_an_upgrade_at_a_random_point_seeds_0_to_49() {
    all(0..50).await;
}

#[tokio::test(start_paused = true)]
async fn ten_thousand_events_survive_an_upgrade_at_a_random_point_seeds_50_to_99() {
    all(50..100).await;
}

#[tokio::test(start_paused = true)]
async fn ten_thousand_events_survive_an_upgrade_at_a_random_point_seeds_100_to_149() {
    all(100..150).await;
}

#[tokio::test(start_paused = true)]
async fn ten_thousand_events_survive_an_upgrade_at_a_random_point_seeds_150_to_199() {
    all(150..200).await;
}
