//! The body of every answer, which notices when nobody reads it.

use std::{
    convert::Infallible,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use bytes::Bytes;
use http::HeaderValue;
use http_body::{Frame, SizeHint};
use sockeye_proto::{engine::Req, outbox::Taken};

use crate::{inbox::Command, session::SessionState};

/// The body of an answer: empty, or one piece.
#[derive(Debug, Default)]
pub struct Body {
    data: Option<Bytes>,
    unread: Option<Unread>,
}

impl Body {
    /// No bytes at all.
    pub const fn empty() -> Self {
        Self { data: None, unread: None }
    }

    pub(crate) fn new(data: impl Into<Bytes>) -> Self {
        let data: Bytes = data.into();
        Self { data: (!data.is_empty()).then_some(data), unread: None }
    }

    pub(crate) fn with_notice(data: Bytes, unread: Unread) -> Self {
        Self { unread: Some(unread), ..Self::new(data) }
    }
}

impl http_body::Body for Body {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        if let Some(unread) = self.unread.take() {
            unread.read();
        }
        Poll::Ready(self.data.take().map(|data| Ok(Frame::data(data))))
    }

    fn is_end_stream(&self) -> bool {
        self.data.is_none()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.data.as_ref().map_or(0, |data| data.len() as u64))
    }
}

/// The answer to a GET before it is written.
///
/// What it took from the outbox counts there until the server has written it and drops it: a client that asks on one
/// connection after the other and reads nothing does not get more than one that waits.
#[derive(Debug)]
pub(crate) struct Packets {
    payload: Vec<u8>,
    taken: Option<TakenBytes>,
    unread: Unread,
    may_compress: bool,
    /// Whether another client might have got it in another form.
    varies: bool,
    coding: Option<HeaderValue>,
}

impl Packets {
    pub(crate) fn new(payload: Vec<u8>, taken: Taken, session: &Arc<SessionState>, req: Req) -> Self {
        let counts = taken.bytes > 0;
        Self {
            payload,
            taken: counts.then(|| TakenBytes { bytes: taken.bytes, session: Arc::clone(session) }),
            unread: Unread::new(Arc::clone(session), req),
            may_compress: taken.may_compress,
            varies: false,
            coding: None,
        }
    }

    pub(crate) fn payload(&self) -> &[u8] {
        &self.payload
    }

    /// Whether what is in it may be compressed.
    pub(crate) const fn may_compress(&self) -> bool {
        self.may_compress
    }

    /// Its form follows from what the client accepts.
    pub(crate) const fn varies(&mut self) {
        self.varies = true;
    }

    /// Puts the payload in another form.
    pub(crate) fn encode(&mut self, payload: Vec<u8>, coding: HeaderValue) {
        self.payload = payload;
        self.coding = Some(coding);
    }

    /// The body, whether its form varies, and the form.
    pub(crate) fn into_parts(self) -> (Body, bool, Option<HeaderValue>) {
        let bytes = match self.taken {
            Some(taken) => Bytes::from_owner(Counted { payload: self.payload.into(), _taken: taken }),
            None => self.payload.into(),
        };
        (Body::with_notice(bytes, self.unread), self.varies, self.coding)
    }
}

struct Counted {
    payload: Box<[u8]>,
    _taken: TakenBytes,
}

impl AsRef<[u8]> for Counted {
    fn as_ref(&self) -> &[u8] {
        &self.payload
    }
}

/// Bytes taken from an outbox, which are told to be written when this is dropped.
struct TakenBytes {
    bytes: usize,
    session: Arc<SessionState>,
}

impl Drop for TakenBytes {
    fn drop(&mut self) {
        self.session.outbox().written(self.bytes);
    }
}

impl std::fmt::Debug for TakenBytes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.bytes)
    }
}

/// Dropped before the payload was read, it tells the session that those packets are lost.
pub(crate) struct Unread {
    session: Option<Arc<SessionState>>,
    req: Req,
}

impl Unread {
    pub(crate) const fn new(session: Arc<SessionState>, req: Req) -> Self {
        Self { session: Some(session), req }
    }

    /// The payload was handed over; whether it arrives we cannot know.
    fn read(mut self) {
        self.session = None;
    }
}

impl Drop for Unread {
    fn drop(&mut self) {
        if let Some(session) = self.session.take() {
            session.command(Command::PollDropped(self.req));
        }
    }
}

impl std::fmt::Debug for Unread {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Unread")
    }
}
