//! A server behind TLS, with a certificate made when the test starts: the client chooses HTTP/1.1 or HTTP/2.

use std::convert::Infallible;
use std::fmt;
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::extract::{ConnectInfo, Request};
use axum::response::Response;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use rcgen::{CertifiedKey, generate_simple_self_signed};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::pki_types::PrivatePkcs8KeyDer;
use tower::ServiceExt;

/// A key of loopback's own, and the certificate that clients must know.
#[derive(Clone)]
pub struct Tls {
    acceptor: TlsAcceptor,
    certificate: String,
}

impl Tls {
    /// Makes a new pair for `localhost` and `127.0.0.1`, good for HTTP/1.1 and HTTP/2.
    ///
    /// # Panics
    /// When the libraries disagree about what a certificate is.
    #[must_use]
    pub fn new() -> Self {
        let names = ["localhost".to_owned(), "127.0.0.1".to_owned()];
        let CertifiedKey { cert, signing_key } = generate_simple_self_signed(names).expect("these are names");
        let key = PrivatePkcs8KeyDer::from(signing_key.serialize_der());
        let mut config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()
            .expect("the provider has suites for them")
            .with_no_client_auth()
            .with_single_cert(vec![cert.der().clone()], key.into())
            .expect("the key is the certificate's");
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Self { acceptor: TlsAcceptor::from(Arc::new(config)), certificate: cert.pem() }
    }

    /// The certificate as PEM, for a client that shall trust it.
    #[must_use]
    pub fn certificate(&self) -> &str {
        &self.certificate
    }

    /// Serves until `shutdown`, and then what is under way, as an application behind TLS does.
    pub(crate) async fn serve(self, listener: TcpListener, app: Router, shutdown: impl Future<Output = ()>) {
        let connections = GracefulShutdown::new();
        let accepting = async {
            loop {
                if let Ok((stream, peer)) = listener.accept().await {
                    let (acceptor, app, watcher) =
                        (self.acceptor.clone(), app.clone(), connections.watcher());
                    tokio::spawn(carry(acceptor, stream, peer, app, watcher));
                }
            }
        };
        tokio::select! {
            () = accepting => {}
            () = shutdown => {}
        }
        drop(listener);
        connections.shutdown().await;
    }
}

/// One connection. A client that leaves in the middle of something is no news.
async fn carry(
    acceptor: TlsAcceptor,
    stream: TcpStream,
    peer: SocketAddr,
    app: Router,
    watcher: Watcher,
) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let stream = acceptor.accept(stream).await?;
    let service = service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(ConnectInfo(peer));
        let app = app.clone();
        async move {
            Ok::<Response, Infallible>(app.oneshot(request).await.unwrap_or_else(|never| match never {}))
        }
    });
    let builder = auto::Builder::new(TokioExecutor::new());
    let connection = builder.serve_connection_with_upgrades(TokioIo::new(stream), service).into_owned();
    let _ = watcher.watch(connection).await;
    Ok(())
}

impl Default for Tls {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Tls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tls").finish_non_exhaustive()
    }
}
