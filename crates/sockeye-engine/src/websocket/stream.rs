//! The bytes under a websocket: a TCP stream where it can be reached, anything else in a box.

use std::{
    io::{self, IoSlice},
    pin::Pin,
    task::{Context, Poll, ready},
};

use tokio::{
    io::{AsyncRead, AsyncWrite, Interest, ReadBuf},
    net::TcpStream,
};

/// What a websocket may run over.
pub trait Io: AsyncRead + AsyncWrite + Send + 'static {}

impl<T: AsyncRead + AsyncWrite + Send + 'static> Io for T {}

/// A stream that was handed over.
pub(crate) enum Stream {
    Tcp(TcpStream),
    Boxed(Pin<Box<dyn Io>>),
}

impl Stream {
    /// A stream of the kernel. Small frames leave at once: with Nagle's algorithm pipelined traffic of one
    /// connection waits for the peer's delayed acknowledgements.
    pub(crate) fn tcp(stream: TcpStream) -> Self {
        // A socket that is already gone refuses; the first read will tell.
        let _ = stream.set_nodelay(true);
        Self::Tcp(stream)
    }

    pub(crate) fn boxed(io: impl Io) -> Self {
        Self::Boxed(Box::pin(io))
    }

    /// Reads what is there, at most as much as fits. 0 is the end.
    pub(crate) fn poll_read(&mut self, cx: &mut Context<'_>, buffer: &mut [u8]) -> Poll<io::Result<usize>> {
        let mut buffer = ReadBuf::new(buffer);
        ready!(self.io().poll_read(cx, &mut buffer))?;
        Poll::Ready(Ok(buffer.filled().len()))
    }

    pub(crate) fn poll_write(&mut self, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.io().poll_write(cx, bytes)
    }

    pub(crate) fn poll_write_vectored(
        &mut self,
        cx: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.io().poll_write_vectored(cx, slices)
    }

    /// Writes what fits, at once; `None` where only [`poll_write`](Self::poll_write) can tell.
    pub(crate) fn try_write(&self, bytes: &[u8]) -> Option<usize> {
        match self {
            Self::Tcp(stream) => stream.try_write(bytes).ok(),
            Self::Boxed(_) => None,
        }
    }

    /// Whether nothing has come since [`poll_read`](Self::poll_read) was last pending, so that its waker is still to be
    /// woken.
    pub(crate) fn is_silent(&self) -> bool {
        match self {
            // Nothing is read here: the closure is called when something has come.
            Self::Tcp(stream) => stream.try_io(Interest::READABLE, || Ok(())).is_err(),
            Self::Boxed(_) => false,
        }
    }

    /// Whether several slices leave as one; where not, the caller joins them.
    pub(crate) fn is_vectored(&self) -> bool {
        match self {
            Self::Tcp(_) => true,
            Self::Boxed(io) => io.is_write_vectored(),
        }
    }

    /// Whether it is a stream of the kernel, which holds nothing back.
    pub(crate) const fn is_tcp(&self) -> bool {
        matches!(self, Self::Tcp(_))
    }

    pub(crate) fn poll_flush(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.io().poll_flush(cx)
    }

    /// Ends the writing side.
    pub(crate) fn poll_shutdown(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.io().poll_shutdown(cx)
    }

    fn io(&mut self) -> Pin<&mut dyn Io> {
        match self {
            Self::Tcp(stream) => Pin::<&mut TcpStream>::new(stream),
            Self::Boxed(io) => io.as_mut(),
        }
    }
}
