//! Five thousand events in one burst.

use std::time::Duration;

use sockeye::{Acker, Data, EmitError, Namespace, Socket};
use tokio::time::sleep;

use crate::{
    kit::Counter,
    support::{BOTH, Gate, Peer, Server, Via, settle},
};

const EVENTS: usize = 5_000;

/// Sends all events at once, each with its number as argument and as ack id.
async fn send(peer: &mut Peer) {
    let events: Vec<String> = (0..EVENTS).map(|number| format!(r#"42{number}["number",{number}]"#)).collect();
    peer.send_all(&events.iter().map(String::as_str).collect::<Vec<_>>()).await;
}

/// All answers come, in the order of the events.
async fn expect_all(peer: &mut Peer) {
    for number in 0..EVENTS {
        peer.expect(&format!("43{number}[{number}]")).await;
    }
    peer.assert_silent().await;
}

#[tokio::test(start_paused = true)]
async fn five_thousand_events_have_five_thousand_replies_in_order() {
    for via in BOTH {
        let server =
            Server::new(Namespace::new().on("number", async |Data(number): Data<usize>| Data(number)));
        let mut peer = Peer::join(&server, via).await;
        send(&mut peer).await;
        expect_all(&mut peer).await;
        assert_eq!(server.sessions(), 1);
    }
}

/// Handlers that wait for different times end in any order; one at a time, they do not.
#[tokio::test(start_paused = true)]
async fn slow_handlers_reply_in_order_when_one_runs_at_a_time() {
    for via in BOTH {
        let waits = async |Data(number): Data<usize>| {
            match number % 3 {
                0 => {}
                1 => tokio::task::yield_now().await,
                _ => sleep(Duration::from_micros((number % 7) as u64)).await,
            }
            Data(number)
        };
        let server = Server::new(Namespace::new().on("number", waits).sequential());
        let mut peer = Peer::join(&server, via).await;
        send(&mut peer).await;
        expect_all(&mut peer).await;
    }
}

/// Side by side they begin in order, and none is lost.
#[tokio::test(start_paused = true)]
async fn slow_handlers_begin_in_order_and_none_is_lost() {
    for via in BOTH {
        let begun = Counter::default();
        let begins = begun.clone();
        let waits = async move |Data(number): Data<usize>| {
            assert_eq!(begins.count(), number + 1);
            sleep(Duration::from_millis((number * 7 % 11) as u64)).await;
            Data(number)
        };
        let server = Server::new(Namespace::new().on("number", waits));
        let mut peer = Peer::join(&server, via).await;
        send(&mut peer).await;
        let mut answers = vec![false; EVENTS];
        for _ in 0..EVENTS {
            let answer = peer.packet().await;
            let (id, number) = answer.strip_prefix("43").unwrap().split_once('[').unwrap();
            assert_eq!(format!("{id}]"), number);
            assert!(!std::mem::replace(&mut answers[id.parse::<usize>().unwrap()], true), "{answer} twice");
        }
        assert_eq!(begun.get(), EVENTS);
        peer.assert_silent().await;
    }
}

/// Answers that are given from elsewhere, after the handlers have ended.
#[tokio::test(start_paused = true)]
async fn replies_by_hand_keep_the_order_in_which_they_are_given() {
    for via in BOTH {
        let gate = Gate::closed();
        let waits = gate.clone();
        let by_hand = async move |acker: Acker, Data(number): Data<usize>| {
            let waits = waits.clone();
            tokio::spawn(async move {
                waits.pass().await;
                acker.send(number).await.unwrap();
            });
        };
        let server = Server::new(Namespace::new().on("number", by_hand));
        let mut peer = Peer::join(&server, via).await;
        send(&mut peer).await;
        peer.assert_silent().await;
        gate.let_pass(EVENTS);
        expect_all(&mut peer).await;
    }
}

/// The other way round: five thousand events of the server in one burst, on either side of an event that answers.
#[tokio::test(start_paused = true)]
async fn five_thousand_events_of_the_server_arrive_in_order() {
    for via in BOTH {
        let floods = async |socket: Socket| -> Result<Data<usize>, EmitError> {
            for number in 0..EVENTS {
                socket.emit("number", number).await?;
            }
            Ok(Data(EVENTS))
        };
        let server = Server::new(Namespace::new().on("flood", floods));
        let mut peer = Peer::join(&server, via).await;
        peer.send(r#"427["flood"]"#).await;
        for number in 0..EVENTS {
            peer.expect(&format!(r#"42["number",{number}]"#)).await;
        }
        peer.expect(&format!("437[{EVENTS}]")).await;
        peer.assert_silent().await;
    }
}

/// Several clients at once do not get into each other's way.
#[tokio::test(start_paused = true)]
async fn bursts_of_several_clients_stay_apart() {
    let server = Server::new(Namespace::new().on("number", async |Data(number): Data<usize>| Data(number)));
    let mut clients = Vec::new();
    for via in [Via::Polling, Via::WebSocket, Via::Polling, Via::WebSocket] {
        let mut peer = Peer::join(&server, via).await;
        clients.push(tokio::spawn(async move {
            send(&mut peer).await;
            expect_all(&mut peer).await;
        }));
    }
    for client in clients {
        client.await.unwrap();
    }
    settle().await;
}
