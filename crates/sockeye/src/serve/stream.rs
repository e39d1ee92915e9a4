//! A connection's bytes, watched.

use std::{
    io::{self, IoSlice},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use bytes::{Buf, Bytes};
use hyper::upgrade::Upgraded;
use hyper_util::{rt::TokioIo, server::conn::auto};
use sockeye_engine::Place;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::activity::Activity;

/// A connection, which holds its place for as long as it is open, whatever it becomes.
#[derive(Debug)]
pub(super) struct Stream<I> {
    io: I,
    /// What was read before this became a websocket.
    read_ahead: Bytes,
    /// Until it becomes a websocket, which has an eye on itself.
    activity: Option<Arc<Activity>>,
    _place: Place,
}

impl<I: AsyncRead + AsyncWrite + Unpin + Send + 'static> Stream<I> {
    pub(super) const fn new(io: I, place: Place, activity: Arc<Activity>) -> Self {
        Self { io, read_ahead: Bytes::new(), activity: Some(activity), _place: place }
    }

    /// Gets the stream back from under an upgraded connection.
    pub(super) fn from_upgraded(upgraded: Upgraded) -> io::Result<Self> {
        let Ok(parts) = auto::upgrade::downcast::<TokioIo<Self>>(upgraded) else {
            return Err(io::Error::other("the upgraded connection is another's"));
        };
        let mut stream = parts.io.into_inner();
        stream.read_ahead = unpinned(&parts.read_buf);
        stream.activity = None;
        Ok(stream)
    }
}

/// The same bytes, or none, in memory of their own: a slice, even an empty one, keeps all of the HTTP library's buffer for
/// as long as the websocket lives.
fn unpinned(read: &Bytes) -> Bytes {
    if read.is_empty() { Bytes::new() } else { Bytes::copy_from_slice(read) }
}

impl<I> Stream<I> {
    fn note<T>(&self, written: &Poll<io::Result<T>>) {
        if let Some(activity) = &self.activity {
            if written.is_pending() {
                activity.stuck();
            } else {
                activity.taken();
            }
        }
    }
}

impl<I: AsyncRead + Unpin> AsyncRead for Stream<I> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.read_ahead.is_empty() {
            return Pin::new(&mut self.io).poll_read(cx, buf);
        }
        let piece = self.read_ahead.len().min(buf.remaining());
        buf.put_slice(&self.read_ahead.split_to(piece));
        if !self.read_ahead.has_remaining() {
            self.read_ahead = Bytes::new();
        }
        Poll::Ready(Ok(()))
    }
}

impl<I: AsyncWrite + Unpin> AsyncWrite for Stream<I> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.io).poll_write(cx, buf);
        self.note(&written);
        written
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.io).poll_write_vectored(cx, slices);
        self.note(&written);
        written
    }

    fn is_write_vectored(&self) -> bool {
        self.io.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let flushed = Pin::new(&mut self.io).poll_flush(cx);
        if flushed.is_pending() {
            self.note(&flushed);
        }
        flushed
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_websocket_does_not_keep_the_buffer_of_its_request() {
        let buffer = Bytes::from(vec![b'x'; 8192]);
        for (from, read_ahead) in [(8192, 0), (8000, 192)] {
            let kept = unpinned(&buffer.slice(from..));
            assert_eq!(kept.len(), read_ahead);
            assert!(buffer.is_unique());
        }
    }
}
