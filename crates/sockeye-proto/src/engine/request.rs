//! Which requests belong to the protocol, and what the others are answered.
#![cfg_attr(
    not(test),
    deny(
        clippy::arithmetic_side_effects,
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::panic,
        clippy::unwrap_used
    )
)]

use std::borrow::Cow;

use crate::engine::{Config, Transport};

mod error;

pub use self::error::RequestError;

/// The parameters of a request that the protocol knows. Where a key comes twice, the last value counts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Query<'a> {
    /// `transport`, as it was written.
    pub transport: Option<Cow<'a, str>>,
    /// `sid`; an empty one is none, for the reference reads it so.
    pub sid: Option<Cow<'a, str>>,
    /// `EIO`, the protocol's version.
    pub eio: Option<Cow<'a, str>>,
}

/// Reads a query string, percent-encoded as a form's.
pub fn parse(query: Option<&str>) -> Query<'_> {
    let query = query.unwrap_or_default();
    let mut parsed = Query::default();
    if memchr::memchr2(b'%', b'+', query.as_bytes()).is_some() {
        for (key, value) in form_urlencoded::parse(query.as_bytes()) {
            parsed.learn(&key, value);
        }
    } else {
        // Nothing is encoded, as in all that clients send: what stands there is what is meant.
        let mut left = Some(query);
        while let Some(pairs) = left {
            let (pair, rest) = cut(pairs, b'&');
            let (key, value) = cut(pair, b'=');
            parsed.learn(key, Cow::Borrowed(value.unwrap_or_default()));
            left = rest;
        }
    }
    parsed
}

/// What is before an ASCII character, and what is behind it.
fn cut(text: &str, at: u8) -> (&str, Option<&str>) {
    match memchr::memchr(at, text.as_bytes()) {
        Some(at) => (text.get(..at).unwrap_or_default(), text.get(at.saturating_add(1)..)),
        None => (text, None),
    }
}

impl<'a> Query<'a> {
    fn learn(&mut self, key: &str, value: Cow<'a, str>) {
        match key {
            "transport" => self.transport = Some(value),
            "sid" => self.sid = (!value.is_empty()).then_some(value),
            "EIO" => self.eio = Some(value),
            _ => {}
        }
    }
}

/// What a request asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RequestKind {
    /// A new session: by GET, or by the websocket that the request becomes.
    Open(Transport),
    /// GET: packets for the client.
    Poll,
    /// POST: packets from the client.
    Post,
    /// A websocket for a session that polls.
    Upgrade,
    /// A method without a meaning for a session. The reference answers an empty 500 and the session lives on.
    Other,
}

/// The facts of a request that do not stand in its query.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// The method, in upper case.
    pub method: &'a str,
    /// Whether it asks to become a websocket.
    pub upgrade: bool,
    /// Whether `sid` names a session that lives.
    pub known: bool,
}

/// Judges a request, in the reference's order, so that each mistake gets the reference's answer. A websocket is
/// judged before its 101, on the same terms.
///
/// # Errors
/// The answer to give.
pub fn judge(query: &Query<'_>, facts: Facts<'_>, config: &Config) -> Result<RequestKind, RequestError> {
    let transport = query
        .transport
        .as_deref()
        .and_then(Transport::parse)
        .filter(|transport| config.transports.contains(transport))
        .ok_or(RequestError::TransportUnknown)?;
    let websocket = transport == Transport::WebSocket;
    let version = query.eio.as_deref() == Some("4");
    if query.sid.is_some() {
        if !facts.known {
            return Err(RequestError::SessionIdUnknown);
        }
        if !version || facts.upgrade != websocket {
            return Err(RequestError::BadRequest);
        }
        return match (facts.method, websocket) {
            ("GET", true) => Ok(RequestKind::Upgrade),
            ("GET", false) => Ok(RequestKind::Poll),
            ("POST", false) => Ok(RequestKind::Post),
            (_, true) => Err(RequestError::BadHandshakeMethod),
            _ => Ok(RequestKind::Other),
        };
    }
    if facts.method != "GET" {
        return Err(RequestError::BadHandshakeMethod);
    }
    if facts.upgrade != websocket {
        return Err(RequestError::BadRequest);
    }
    if !version {
        return Err(RequestError::UnsupportedProtocolVersion);
    }
    Ok(RequestKind::Open(transport))
}

#[cfg(test)]
mod tests;
