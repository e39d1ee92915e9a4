//! The body of every answer, which notices when nobody reads it.

use std::{
    convert::Infallible,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use bytes::Bytes;
use http_body::{Frame, SizeHint};
use sockeye_proto::engine::Req;

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

/// A payload that took so many bytes from the outbox, where they count until the server has written it and drops it: a
/// client that asks on one connection after the other and reads nothing does not get more than one that waits.
pub(crate) fn counted(payload: Vec<u8>, taken: usize, session: &Arc<SessionState>) -> Bytes {
    if taken == 0 {
        return payload.into();
    }
    Bytes::from_owner(Counted { payload: payload.into(), taken, session: Arc::clone(session) })
}

struct Counted {
    payload: Box<[u8]>,
    taken: usize,
    session: Arc<SessionState>,
}

impl AsRef<[u8]> for Counted {
    fn as_ref(&self) -> &[u8] {
        &self.payload
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.session.outbox().written(self.taken);
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
