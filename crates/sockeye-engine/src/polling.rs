//! The futures of a GET and a POST: they wait for their session, and tell it when their client goes away.

use std::{
    error::Error,
    future::Future,
    io,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
    time::Duration,
};

use bytes::Bytes;
use http::{StatusCode, header, request::Parts};
use http_body_util::LengthLimitError;
use sockeye_proto::engine::{Req, RequestError};
use tokio::time::{Sleep, sleep};

use crate::{
    driver::Upload,
    exchange::{Exchange, Reply},
    inbox::Command,
    polling::collect::Collected,
    session::SessionState,
};

pub(crate) mod coding;
mod collect;
mod encode;

pub(crate) use self::encode::{Compression, Encoder};

/// A GET that waits for packets.
pub(crate) struct Get {
    session: Arc<SessionState>,
    exchange: Arc<Exchange>,
    req: Req,
    waiting: bool,
    encoder: Encoder,
}

impl Get {
    /// The GET that opens a session.
    pub(crate) fn handshake(session: Arc<SessionState>) -> Self {
        let req = session.name_request();
        Self { session, exchange: Arc::default(), req, waiting: true, encoder: Encoder::default() }
    }

    /// A GET of a session that lives.
    pub(crate) fn poll(session: Arc<SessionState>) -> Self {
        let get = Self::handshake(session);
        if let Some(refused) = get.session.tell(Command::Poll(get.req, get.exchange())) {
            refused.refuse();
        }
        get
    }

    /// Says how its answer may be compressed.
    pub(crate) fn encoded(mut self, encoder: Encoder) -> Self {
        self.encoder = encoder;
        self
    }

    pub(crate) const fn req(&self) -> Req {
        self.req
    }

    pub(crate) fn exchange(&self) -> Arc<Exchange> {
        Arc::clone(&self.exchange)
    }

    pub(crate) fn poll_reply(&mut self, cx: &Context<'_>) -> Poll<Reply> {
        if let Some(encoded) = self.encoder.poll(cx) {
            return encoded.map(Reply::Packets);
        }
        let reply = ready!(self.exchange.poll_reply(cx));
        self.waiting = false;
        let Reply::Packets(packets) = reply else { return Poll::Ready(reply) };
        if let Some(packets) = self.encoder.take(packets) {
            return Poll::Ready(Reply::Packets(packets));
        }
        // Whoever waits for the first step of something short waits for all of it.
        self.encoder.poll(cx).unwrap_or(Poll::Pending).map(Reply::Packets)
    }
}

impl Drop for Get {
    fn drop(&mut self) {
        if self.waiting {
            self.session.command(Command::PollDropped(self.req));
        }
    }
}

/// A POST. Its body is read while the session has room for it; else it waits until the machine has judged the request.
pub(crate) struct Post<B> {
    session: Arc<SessionState>,
    exchange: Arc<Exchange>,
    req: Req,
    /// Until the session knows of it: until its body is there, or has to be waited for.
    upload: Option<Box<Upload>>,
    /// Until it was read, or need not be.
    body: Option<Pin<Box<B>>>,
    collected: Collected,
    limit: usize,
    /// How long the body may take in all.
    time: Duration,
    /// Runs from when the body had to be waited for.
    deadline: Option<Pin<Box<Sleep>>>,
}

impl<B> Post<B> {
    pub(crate) fn new(session: Arc<SessionState>, parts: Parts, body: B, limit: usize) -> Self {
        let req = session.name_request();
        // What has come with the head is read at once, so that the session acts once for all of it. An announced body
        // waits to be asked for, and whoever sends it waits for the verdict.
        let at_once = session.may_decode() && !parts.headers.contains_key(header::EXPECT);
        let exchange = Arc::new(if at_once { Exchange::granted() } else { Exchange::default() });
        let declared =
            parts.headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
        let upload = Some(Box::new(Upload::new(req, parts, Arc::clone(&exchange))));
        let mut post = Self {
            session,
            exchange,
            req,
            upload,
            body: None,
            collected: Collected::default(),
            limit,
            time: BODY_TIMEOUT,
            deadline: None,
        };
        if declared.is_some_and(|length: u64| length > limit as u64) {
            // Nothing of it is read.
            post.announce(None);
            post.session.tell(Command::PostTooLarge(req));
        } else {
            post.body = Some(Box::pin(body));
            if !at_once {
                post.announce(None);
            }
        }
        post
    }

    /// Says how long the body may take.
    pub(crate) const fn within(mut self, time: Duration) -> Self {
        self.time = time;
        self
    }

    /// Tells the session that there is a POST, and with which body if that is known. Answers whether it was news.
    fn announce(&mut self, body: Option<Bytes>) -> bool {
        let Some(mut upload) = self.upload.take() else { return false };
        let kind = upload.headers().get(header::CONTENT_TYPE);
        let binary = kind.is_some_and(|kind| is_octet_stream(kind.as_bytes()));
        if let Some(body) = body {
            upload.arrived(body);
        }
        let command = Command::Post { upload, binary };
        if let Some(refused) = self.session.tell(command) {
            self.body = None;
            refused.refuse();
        }
        true
    }

    /// The body is not to be had. Whoever does not know that it was expected is told that first.
    fn give_up(&mut self, why: Command) -> Option<Command> {
        self.announce(None);
        self.body = None;
        self.session.tell(why)
    }
}

impl<B> Post<B>
where
    B: http_body::Body,
    B::Error: Into<Box<dyn Error + Send + Sync>>,
{
    pub(crate) fn poll_reply(&mut self, cx: &mut Context<'_>) -> Poll<Reply> {
        loop {
            // Nobody answers what nobody knows of.
            if self.upload.is_none()
                && let Poll::Ready(reply) = self.exchange.poll_reply(cx)
            {
                self.body = None;
                return Poll::Ready(reply);
            }
            let Some(body) = &mut self.body else { return Poll::Pending };
            if !self.exchange.is_granted() {
                return Poll::Pending;
            }
            let frame = match body.as_mut().poll_frame(cx) {
                Poll::Ready(frame) => frame,
                Poll::Pending => {
                    if self.announce(None) {
                        continue;
                    }
                    let time = self.time;
                    let deadline = self.deadline.get_or_insert_with(|| Box::pin(sleep(time)));
                    ready!(deadline.as_mut().poll(cx));
                    self.give_up(Command::PostAborted(self.req));
                    return Poll::Ready(Reply::Empty(StatusCode::REQUEST_TIMEOUT));
                }
            };
            let refused = match frame {
                Some(Ok(frame)) => {
                    let Ok(data) = frame.into_data() else { continue };
                    match self.collected.push(data, self.limit) {
                        Ok(()) => continue,
                        Err(collect::TooLarge) => self.give_up(Command::PostTooLarge(self.req)),
                    }
                }
                Some(Err(error)) => {
                    let error: Box<dyn Error + Send + Sync> = error.into();
                    if !is_length_limit(&*error) {
                        self.give_up(Command::PostAborted(self.req));
                        return Poll::Ready(Reply::Empty(StatusCode::BAD_REQUEST));
                    }
                    self.give_up(Command::PostTooLarge(self.req))
                }
                None => {
                    self.body = None;
                    let body = self.collected.take();
                    if self.upload.is_some() {
                        self.announce(Some(body));
                        None
                    } else {
                        self.session.tell(Command::PostBody(self.req, body))
                    }
                }
            };
            if refused.is_some() {
                return Poll::Ready(Reply::Error(RequestError::SessionIdUnknown));
            }
        }
    }
}

/// How long a body may take when nobody says: a megabyte by a slow line.
pub(crate) const BODY_TIMEOUT: Duration = Duration::from_secs(10);

impl<B> Drop for Post<B> {
    fn drop(&mut self) {
        // A body that was handed over is the session's; that nobody waits for the `ok` then changes nothing.
        if self.body.is_some() && self.upload.is_none() {
            self.session.command(Command::PostAborted(self.req));
        }
    }
}

fn is_octet_stream(kind: &[u8]) -> bool {
    let essence = kind.split(|byte| *byte == b';').next().unwrap_or_default();
    essence.trim_ascii().eq_ignore_ascii_case(b"application/octet-stream")
}

/// Whether a layer in front has a smaller limit of its own, which this body has passed.
fn is_length_limit(error: &(dyn Error + 'static)) -> bool {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if error.is::<LengthLimitError>() {
            return true;
        }
        // An `io::Error` hides the error it was made of from its chain of sources.
        let hidden = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        cause = hidden.map(|error| error as &(dyn Error + 'static)).or_else(|| error.source());
    }
    false
}
