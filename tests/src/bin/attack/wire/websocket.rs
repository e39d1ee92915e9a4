//! Websockets of a client, frame by frame.

use std::net::TcpStream;

use super::{connect, connect_narrow, push, until};
use crate::Failure;

pub(crate) const TEXT: u8 = 0x81;
pub(crate) const BINARY: u8 = 0x82;
pub(crate) const PING: u8 = 0x89;
/// First and middle fragments.
pub(crate) const TEXT_BEGINS: u8 = 0x01;
pub(crate) const CONTINUES: u8 = 0x00;
pub(crate) const ENDS: u8 = 0x80;

/// A session that has joined nothing; `padding` is more of the request's head.
pub(crate) fn open(port: u16, padding: &str) -> Result<TcpStream, Failure> {
    upgrade(connect(port)?, padding)
}

fn upgrade(stream: TcpStream, padding: &str) -> Result<TcpStream, Failure> {
    let head = format!(
        "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\n\
         Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n{padding}\r\n"
    );
    push(&stream, head.as_bytes());
    until(&stream, "\"maxPayload\"")?;
    Ok(stream)
}

/// A session that has joined `/`.
pub(crate) fn join(port: u16) -> Result<TcpStream, Failure> {
    joined(open(port, "")?)
}

/// The same on a connection that takes little.
pub(crate) fn join_narrow(port: u16) -> Result<TcpStream, Failure> {
    joined(upgrade(connect_narrow(port)?, "")?)
}

fn joined(stream: TcpStream) -> Result<TcpStream, Failure> {
    push(&stream, &text("40"));
    until(&stream, "40{\"sid\"")?;
    Ok(stream)
}

pub(crate) fn text(message: &str) -> Vec<u8> {
    frame(TEXT, message.as_bytes())
}

pub(crate) fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
    let mut frame = header(first, payload.len() as u64);
    frame.extend_from_slice(payload);
    frame
}

/// A header with the shortest form of the length and a mask of zeros.
pub(crate) fn header(first: u8, length: u64) -> Vec<u8> {
    let mut header = vec![first];
    match (u8::try_from(length), u16::try_from(length)) {
        (Ok(length @ 0..=125), _) => header.push(0x80 | length),
        (_, Ok(length)) => {
            header.push(0x80 | 126);
            header.extend(length.to_be_bytes());
        }
        _ => {
            header.push(0x80 | 127);
            header.extend(length.to_be_bytes());
        }
    }
    header.extend([0; 4]);
    header
}
