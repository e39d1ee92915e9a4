//! The loads. Each round waits until everything of it has come back, so the server's work is the same in each run.

use std::io::Read as _;

use sockeye_bench::{order::Order, token};

use crate::client::{BINARY, Client, HEAD, TEXT, framed, masked};

pub(crate) fn echo_16(port: u16, rounds: u32) {
    echoed(port, rounds, 16, &format!("42[\"echo\",\"{}\"]", text()));
}

pub(crate) fn echo_1(port: u16, rounds: u32) {
    echoed(port, rounds, 1, &format!("42[\"echo\",\"{}\"]", text()));
}

pub(crate) fn typed_16(port: u16, rounds: u32) {
    let order = serde_json::to_string(&Order::sample()).expect("an order is JSON");
    echoed(port, rounds, 16, &format!("42[\"typed\",{order}]"));
}

pub(crate) fn ack_16(port: u16, rounds: u32) {
    let sent = masked(TEXT, format!("427[\"ack\",\"{}\"]", text()).as_bytes());
    answered(port, rounds, 16, &sent, &framed(TEXT, format!("437[\"{}\"]", text()).as_bytes()));
}

pub(crate) fn binary_16(port: u16, rounds: u32) {
    let packet = br#"451-["bin",{"_placeholder":true,"num":0}]"#;
    let sent = [masked(TEXT, packet), masked(BINARY, &[7; 1024])].concat();
    answered(port, rounds, 16, &sent, &[framed(TEXT, packet), framed(BINARY, &[7; 1024])].concat());
}

pub(crate) fn broadcast_1(port: u16, rounds: u32) {
    broadcast(port, rounds, 1);
}

pub(crate) fn broadcast_8(port: u16, rounds: u32) {
    broadcast(port, rounds, 8);
}

/// One after the other sends to the ten of its room.
pub(crate) fn rooms(port: u16, rounds: u32) {
    let mut clients: Vec<_> = (0..10).map(|_| Client::connect(port, HEAD)).collect();
    for client in &mut clients {
        client.send(&masked(TEXT, br#"421["join","r1"]"#));
        client.expect(&framed(TEXT, b"431[]"));
    }
    let sent = masked(TEXT, format!("42[\"room\",\"r1\",\"{}\"]", text()).as_bytes());
    let got = framed(TEXT, format!("42[\"room\",\"{}\"]", text()).as_bytes());
    for round in 0..rounds {
        if let Some(sender) = clients.get_mut(round as usize % 10) {
            sender.send(&sent);
        }
        clients.iter_mut().for_each(|client| client.expect(&got));
    }
}

/// On one connection: a POST with the event, then the GET that brings it back.
pub(crate) fn polling_echo(port: u16, rounds: u32) {
    let mut client = Client::open(port);
    client.send(b"GET /socket.io/?EIO=4&transport=polling HTTP/1.1\r\nHost: localhost\r\n\r\n");
    client.until(b"{\"sid\":\"");
    client.until(b"\"");
    let sid = String::from_utf8_lossy(&client.seen).trim_matches('"').to_owned();
    client.until(b"}");
    let head = |method: &str| {
        format!("{method} /socket.io/?EIO=4&transport=polling&sid={sid} HTTP/1.1\r\nHost: localhost\r\n")
    };
    let post = |packet: &str| format!("{}Content-Length: {}\r\n\r\n{packet}", head("POST"), packet.len());
    let get = format!("{}\r\n", head("GET"));
    client.send(post("40").as_bytes());
    client.until(b"\r\n\r\nok");
    client.send(get.as_bytes());
    client.until(b"\"}");
    let packet = format!("42[\"echo\",\"{}\"]", text());
    let post = post(&packet);
    for _ in 0..rounds {
        client.send(post.as_bytes());
        client.until(b"\r\n\r\nok");
        client.send(get.as_bytes());
        client.until(b"\r\n\r\n");
        client.expect(packet.as_bytes());
    }
}

/// A websocket that joins the namespace with the check, and leaves.
pub(crate) fn connect(port: u16, rounds: u32) {
    let token = token::signed("somebody").expect("HS256 signs anything");
    let joining = format!("40/jwt,{{\"token\":\"{token}\"}}");
    for _ in 0..rounds {
        let mut client = Client::join(port, HEAD, &joining);
        client.send(&masked(CLOSE, &1000_u16.to_be_bytes()));
        // The answer to the close, and the end: the server has nothing of it any more.
        let ended = client.stream.read_to_end(&mut Vec::new());
        ended.expect("the server closes the connection");
    }
}

fn broadcast(port: u16, rounds: u32, window: usize) {
    let mut clients: Vec<_> = (0..MEMBERS).map(|_| Client::connect(port, HEAD)).collect();
    let packet = format!("42[\"all\",\"{}\"]", text());
    let sent = masked(TEXT, packet.as_bytes()).repeat(window);
    let got = framed(TEXT, packet.as_bytes()).repeat(window);
    for _ in 0..rounds {
        if let Some(sender) = clients.first_mut() {
            sender.send(&sent);
        }
        clients.iter_mut().for_each(|client| client.expect(&got));
    }
}

fn echoed(port: u16, rounds: u32, window: usize, packet: &str) {
    answered(port, rounds, window, &masked(TEXT, packet.as_bytes()), &framed(TEXT, packet.as_bytes()));
}

fn answered(port: u16, rounds: u32, window: usize, sent: &[u8], answer: &[u8]) {
    let mut client = Client::connect(port, HEAD);
    let (sent, answer) = (sent.repeat(window), answer.repeat(window));
    for _ in 0..rounds {
        client.send(&sent);
        client.expect(&answer);
    }
}

/// With name and quotes an event has 128 bytes.
fn text() -> String {
    "x".repeat(115)
}

const MEMBERS: usize = 200;
const CLOSE: u8 = 8;
