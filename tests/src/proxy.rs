//! A TCP proxy on loopback that can fail the way networks do.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// What the network does to those who use it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Network {
    /// Everything passes.
    Works,
    /// Connections stay, and nothing passes.
    Frozen,
    /// Connections end, and new ones too.
    Cut,
    /// Requests pass, a WebSocket upgrade is answered 403.
    RefusesUpgrade,
    /// Requests pass, a WebSocket upgrade is never answered.
    SwallowsUpgrade,
}

impl Network {
    /// The network that scripts call so.
    ///
    /// # Panics
    /// When there is no such network.
    #[must_use]
    pub fn named(name: &str) -> Self {
        match name {
            "works" => Self::Works,
            "frozen" => Self::Frozen,
            "cut" => Self::Cut,
            "refuses" => Self::RefusesUpgrade,
            "swallows" => Self::SwallowsUpgrade,
            other => panic!("no network is called {other:?}"),
        }
    }
}

/// A proxy in front of one server.
#[derive(Debug)]
pub struct Proxy {
    address: SocketAddr,
    network: watch::Sender<Network>,
    upgrades: Arc<AtomicUsize>,
    task: JoinHandle<()>,
}

impl Proxy {
    /// Starts a working proxy in front of `target`.
    ///
    /// # Errors
    /// When no port can be had.
    pub async fn start(target: SocketAddr) -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let (network, state) = watch::channel(Network::Works);
        let upgrades = Arc::new(AtomicUsize::new(0));
        let seen = upgrades.clone();
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(carry(stream, target, state.clone(), seen.clone()));
            }
        });
        Ok(Self { address, network, upgrades, task })
    }

    /// Where clients connect to.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Changes the network, for connections that stand and for new ones.
    pub fn set(&self, network: Network) {
        self.network.send_replace(network);
    }

    /// How many WebSocket upgrades were asked for so far.
    #[must_use]
    pub fn upgrades(&self) -> usize {
        self.upgrades.load(Ordering::Relaxed)
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// One connection, from its first byte to its last.
async fn carry(
    mut client: TcpStream,
    target: SocketAddr,
    network: watch::Receiver<Network>,
    upgrades: Arc<AtomicUsize>,
) -> io::Result<()> {
    if *network.borrow() == Network::Cut {
        return Ok(());
    }
    client.set_nodelay(true)?;
    let head = read_head(&mut client).await?;
    if String::from_utf8_lossy(&head).to_ascii_lowercase().contains("\r\nupgrade: websocket") {
        upgrades.fetch_add(1, Ordering::Relaxed);
        let now = *network.borrow();
        if now == Network::RefusesUpgrade {
            let refusal = b"HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
            return client.write_all(refusal).await;
        }
        if now == Network::SwallowsUpgrade {
            // Until the client has had enough of it.
            while client.read(&mut [0; 1024]).await? > 0 {}
            return Ok(());
        }
    }
    let mut server = TcpStream::connect(target).await?;
    server.set_nodelay(true)?;
    let (mut from_client, mut to_client) = client.split();
    let (mut from_server, mut to_server) = server.split();
    if *network.borrow() != Network::Frozen {
        to_server.write_all(&head).await?;
    }
    let inwards = pump(&mut from_client, &mut to_server, network.clone());
    let outwards = pump(&mut from_server, &mut to_client, network.clone());
    let mut watched = network.clone();
    let cut = watched.wait_for(|now| *now == Network::Cut);
    tokio::select! {
        // What one side still has to say is carried on when the other has ended.
        (inwards, outwards) = async { tokio::join!(inwards, outwards) } => inwards.and(outwards),
        _ = cut => Ok(()),
    }
}

/// Reads up to the end of the first request's head, and whatever came with it.
async fn read_head(stream: &mut TcpStream) -> io::Result<Vec<u8>> {
    let mut head = Vec::new();
    while !head.windows(4).any(|window| window == b"\r\n\r\n") {
        if stream.read_buf(&mut head).await? == 0 {
            break;
        }
    }
    Ok(head)
}

/// Passes bytes on until `from` ends, and the news of that as well. A frozen network takes them and lets nothing out.
async fn pump(
    from: &mut (impl AsyncReadExt + Unpin),
    to: &mut (impl AsyncWriteExt + Unpin),
    mut network: watch::Receiver<Network>,
) -> io::Result<()> {
    let mut buffer = vec![0; 16 * 1024];
    loop {
        let count = from.read(&mut buffer).await.unwrap_or_default();
        if count == 0 {
            let _ = network.wait_for(|now| *now != Network::Frozen).await;
            return to.shutdown().await;
        }
        if *network.borrow() != Network::Frozen {
            // A side that no longer listens may still have something to say.
            let _ = to.write_all(buffer.get(..count).unwrap_or_default()).await;
        }
    }
}
