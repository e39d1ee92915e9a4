//! Connect storm: open a websocket, connect to a namespace, close, and again.

use std::io;
use std::time::{Duration, Instant};

use sockeye_bench::token;

use super::Load;
use super::connect::{Client, stream, unexpected};
use super::frame::{CLOSE, Frame, Frames, TEXT, masked, text};
use super::head::Head;
use super::meter::Meter;
use super::sockets::Sockets;
use crate::figures::Figures;

/// 32 at a time; connects are what is counted.
pub(crate) fn run(load: &Load) -> io::Result<Figures> {
    let count = load.connections.unwrap_or(32);
    let namespace = load.namespace.as_deref().unwrap_or("/jwt");
    let token = token::signed("ada").map_err(io::Error::other)?;
    let connect = text(&format!("40{namespace},{{\"token\":\"{token}\"}}"));
    let connected = format!("40{namespace},{{");
    let close = masked(CLOSE, &1000_u16.to_be_bytes());
    let request = Head::Short.websocket(load.port, 0);
    let mut number = 0;
    let mut open = || {
        number += 1;
        let mut client = Client { stream: stream(load.port, number)?, left: Vec::new() };
        client.send(request.as_bytes())?;
        io::Result::Ok((client, Waits::Switch, Instant::now()))
    };
    let (mut clients, mut waits) = (Vec::new(), Vec::new());
    for _ in 0..count {
        let (client, wait, now) = open()?;
        clients.push(client);
        waits.push((wait, now));
    }
    let mut sockets = Sockets::new(clients)?;
    let mut meter = Meter::new(load)?;
    let mut connects = 0;
    while meter.goes_on(connects)? {
        sockets.turn_bytes(Duration::from_millis(50), |connections, index, read, now| {
            let (wait, began) = &mut waits[index];
            let mut used = 0;
            if *wait == Waits::Switch {
                let Some(end) = read.windows(4).position(|it| it == b"\r\n\r\n") else { return Ok(0) };
                if !read.starts_with(b"HTTP/1.1 101") {
                    return Err(io::Error::other(String::from_utf8_lossy(read).into_owned()));
                }
                used = end + 4;
                *wait = Waits::Open;
            }
            let mut frames = Frames::of(&read[used..]);
            for frame in frames.by_ref() {
                match *wait {
                    // Some servers ping at once.
                    _ if frame.is_ping() => connections.pong(index)?,
                    Waits::Open if starts(frame, "0{") => {
                        connections.send(index, &connect)?;
                        *wait = Waits::Namespace;
                    }
                    Waits::Namespace if starts(frame, &connected) => {
                        connects += 1;
                        meter.took(now - *began);
                        connections.send(index, &close)?;
                        let (client, waits, began_next) = open()?;
                        (*wait, *began) = (waits, began_next);
                        connections.replace(index, client)?;
                        return Ok(read.len());
                    }
                    _ => return Err(unexpected(frame)),
                }
            }
            Ok(read.len() - frames.rest().len())
        })?;
    }
    Ok(meter.figures())
}

/// What a connection of the storm waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Waits {
    Switch,
    Open,
    Namespace,
}

fn starts(frame: Frame<'_>, start: &str) -> bool {
    frame.opcode == TEXT && frame.payload.starts_with(start.as_bytes())
}
