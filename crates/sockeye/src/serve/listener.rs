//! Where connections come from, and what happens when none can be had.

use std::{future::Future, io, net::SocketAddr, time::Duration};

use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpListener, TcpStream},
    time::sleep,
};

/// A source of connections for [`serve`](crate::serve()): a TCP listener, or what tests and other transports make one.
///
/// Whatever a connection needs before its first byte of HTTP, such as a TLS handshake, belongs into the first read of
/// its `Io`, so that one peer's delay is not that of all.
pub trait Listener: Send + 'static {
    /// A connection.
    type Io: AsyncRead + AsyncWrite + Unpin + Send + 'static;

    /// The next connection, and the address it comes from. Must not lose one when it is dropped before it is ready.
    ///
    /// An error is retried: at once when it is the connection's own, such as a peer that is gone already, else after a
    /// pause.
    fn accept(&mut self) -> impl Future<Output = io::Result<(Self::Io, SocketAddr)>> + Send;
}

/// Sets `TCP_NODELAY`: answers and packets are small, and must not wait for the peer's delayed acknowledgement.
impl Listener for TcpListener {
    type Io = TcpStream;

    async fn accept(&mut self) -> io::Result<(TcpStream, SocketAddr)> {
        let (stream, peer) = Self::accept(self).await?;
        // A socket that is already gone refuses; the first read will tell.
        let _ = stream.set_nodelay(true);
        Ok((stream, peer))
    }
}

/// Accepts, through all errors.
pub(super) async fn accept<L: Listener>(listener: &mut L, backoff: &mut Backoff) -> (L::Io, SocketAddr) {
    loop {
        match listener.accept().await {
            Ok(accepted) => {
                backoff.pause = None;
                return accepted;
            }
            Err(error) if is_of_the_connection(&error) => {
                // Many of them in a row leave room for others.
                tokio::task::yield_now().await;
            }
            Err(error) => backoff.wait(&error).await,
        }
    }
}

/// The pause after an error that will still be there a moment later: no descriptors, no memory.
#[derive(Debug, Default)]
pub(super) struct Backoff {
    pause: Option<Duration>,
    warned: bool,
}

impl Backoff {
    async fn wait(&mut self, error: &io::Error) {
        let pause = self.pause.map_or(SHORTEST, |pause| (pause * 2).min(LONGEST));
        self.pause = Some(pause);
        if self.warned {
            tracing::debug!(target: "sockeye::serve", %error, "no connection can be accepted");
        } else {
            // Once, for peers can cause it again and again; and worth it, for the operator alone can end it.
            self.warned = true;
            tracing::warn!(
                target: "sockeye::serve",
                %error,
                "no connection can be accepted; max_connections should be below the process's limit of descriptors"
            );
        }
        sleep(pause).await;
    }
}

fn is_of_the_connection(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionAborted
            | io::ErrorKind::ConnectionRefused
            | io::ErrorKind::ConnectionReset
            | io::ErrorKind::Interrupted
    )
}

const SHORTEST: Duration = Duration::from_millis(50);
const LONGEST: Duration = Duration::from_secs(1);

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;

    use tokio::{io::DuplexStream, time::Instant};

    use super::*;

    /// Fails so many times with these errors, then has a connection.
    struct Failing(VecDeque<io::ErrorKind>);

    impl Listener for Failing {
        type Io = DuplexStream;

        async fn accept(&mut self) -> io::Result<(DuplexStream, SocketAddr)> {
            match self.0.pop_front() {
                Some(error) => Err(error.into()),
                None => Ok((tokio::io::duplex(1).0, ([192, 0, 2, 1], 1).into())),
            }
        }
    }

    #[tokio::test(start_paused = true)]
    async fn the_want_of_descriptors_is_waited_out_in_growing_steps() {
        let began = Instant::now();
        let mut backoff = Backoff::default();
        let mut failing = Failing([io::ErrorKind::Other; 7].into());
        accept(&mut failing, &mut backoff).await;
        assert_eq!(began.elapsed().as_millis(), 50 + 100 + 200 + 400 + 800 + 1000 + 1000);
        assert!(backoff.pause.is_none() && backoff.warned);
    }

    #[tokio::test(start_paused = true)]
    async fn connections_that_are_gone_already_hold_nobody_up() {
        let began = Instant::now();
        let gone = [io::ErrorKind::ConnectionAborted, io::ErrorKind::ConnectionReset];
        accept(&mut Failing(gone.into()), &mut Backoff::default()).await;
        assert_eq!(began.elapsed(), Duration::ZERO);
    }

    #[tokio::test]
    async fn small_writes_of_a_tcp_connection_leave_at_once() {
        let mut listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let client = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        let (stream, peer) = accept(&mut listener, &mut Backoff::default()).await;
        assert!(stream.nodelay().unwrap());
        assert_eq!(peer, client.local_addr().unwrap());
    }
}
