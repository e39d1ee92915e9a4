//! A session by requests of HTTP.

use std::{io::Read, net::TcpStream};

use super::{connect, connect_narrow, push, until};
use crate::Failure;

/// A session, and the connection that opened it.
pub(crate) struct Polling {
    port: u16,
    sid: String,
    pub(crate) stream: TcpStream,
}

impl Polling {
    /// One that has joined nothing; `padding` is more of the request's head.
    pub(crate) fn open(port: u16, padding: &str) -> Result<Self, Failure> {
        let stream = connect(port)?;
        let sid = handshake(&stream, padding)?;
        Ok(Self { port, sid, stream })
    }

    /// One that has joined `/`.
    pub(crate) fn join(port: u16) -> Result<Self, Failure> {
        let session = Self::open(port, "")?;
        session.post("40")?;
        session.get()?;
        Ok(session)
    }

    /// A POST that is answered.
    pub(crate) fn post(&self, body: &str) -> Result<String, Failure> {
        push(&self.stream, self.post_head(&format!("Content-Length: {}", body.len())).as_bytes());
        push(&self.stream, body.as_bytes());
        answer(&self.stream)
    }

    pub(crate) fn get(&self) -> Result<String, Failure> {
        self.ask_and_read(&self.stream)
    }

    /// A GET on a connection of its own. An error is an answer that is no success, too.
    pub(crate) fn ask_and_read(&self, stream: &TcpStream) -> Result<String, Failure> {
        self.ask(stream);
        let answer = answer(stream)?;
        if answer.starts_with("HTTP/") { Err(answer.into()) } else { Ok(answer) }
    }

    /// A GET whose answer is another's affair.
    pub(crate) fn ask(&self, stream: &TcpStream) {
        push(stream, format!("GET {} HTTP/1.1\r\nHost: localhost\r\n\r\n", self.path()).as_bytes());
    }

    pub(crate) fn post_head(&self, length: &str) -> String {
        format!("POST {} HTTP/1.1\r\nHost: localhost\r\n{length}\r\n\r\n", self.path())
    }

    /// One more connection for this session.
    pub(crate) fn connect(&self) -> Result<TcpStream, Failure> {
        connect(self.port)
    }

    /// The same, which takes little.
    pub(crate) fn connect_narrow(&self) -> Result<TcpStream, Failure> {
        connect_narrow(self.port)
    }

    fn path(&self) -> String {
        format!("/socket.io/?EIO=4&transport=polling&sid={}", self.sid)
    }
}

/// The sid of a new session.
pub(crate) fn handshake(stream: &TcpStream, padding: &str) -> Result<String, Failure> {
    let head =
        format!("GET /socket.io/?EIO=4&transport=polling HTTP/1.1\r\nHost: localhost\r\n{padding}\r\n");
    push(stream, head.as_bytes());
    let open = answer(stream)?;
    let sid = open.split_once("\"sid\":\"").and_then(|(_, rest)| rest.split_once('"'));
    Ok(sid.ok_or_else(|| format!("no handshake: {open}"))?.0.to_owned())
}

/// The body of an answer, or its head when it is no success.
pub(crate) fn answer(stream: &TcpStream) -> Result<String, Failure> {
    let seen = until(stream, "\r\n\r\n")?;
    let (head, body) = seen.split_once("\r\n\r\n").unwrap_or_default();
    let length = |line: &str| line.to_ascii_lowercase().strip_prefix("content-length:")?.trim().parse().ok();
    let length: usize = head.lines().find_map(length).unwrap_or_default();
    let mut rest = vec![0; length.saturating_sub(body.len())];
    let mut reader = stream;
    reader.read_exact(&mut rest)?;
    let body = format!("{body}{}", String::from_utf8_lossy(&rest));
    Ok(if head.starts_with("HTTP/1.1 200") { body } else { format!("{head}\r\n\r\n{body}") })
}
