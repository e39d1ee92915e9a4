//! One connection, from its first byte to its last, or until it becomes a websocket.

use std::{convert::Infallible, net::SocketAddr, pin::pin, sync::Arc};

use axum::{extract::Request, response::Response};
use futures_util::FutureExt;
use hyper::service::service_fn;
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::conn::auto,
};
use sockeye_engine::Place;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    sync::watch,
};
use tower_service::Service;

use super::{ServeConfig, Stage, activity::Activity, request, stream::Stream};

/// A connection that was accepted.
pub(super) struct Connection<I, S> {
    pub(super) io: I,
    pub(super) peer: SocketAddr,
    pub(super) place: Place,
    pub(super) app: S,
    pub(super) config: Arc<ServeConfig>,
}

impl<I, S> Connection<I, S>
where
    I: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    S: Service<Request, Response = Response, Error = Infallible> + Clone + Send + 'static,
    S::Future: Send,
{
    /// Serves it until its end, or until it is told to stop. What is dropped is closed.
    pub(super) async fn serve(self, mut stages: watch::Receiver<Stage>) {
        let Self { io, peer, place, app, config } = self;
        let activity = Arc::new(Activity::new(config.header_timeout, config.write_timeout));
        let stream = TokioIo::new(Stream::new(io, place, Arc::clone(&activity)));
        let requests = Arc::clone(&activity);
        let body_timeout = config.body_timeout;
        let service = service_fn(move |request| {
            request::answer::<I, S>(request, app.clone(), peer, body_timeout, &requests)
        });
        let http = http(&config);
        let mut connection = pin!(http.serve_connection_with_upgrades(stream, service));
        let mut overdue = pin!(activity.overdue());
        loop {
            tokio::select! {
                served = connection.as_mut() => {
                    if let Err(error) = served {
                        tracing::debug!(target: "sockeye::serve", %error, "a connection ended early");
                    }
                    return;
                }
                () = overdue.as_mut() => {
                    tracing::debug!(target: "sockeye::serve", "a connection was closed: its peer took too long");
                    // HTTP/2 has a word for it. One attempt, for nobody can be waited for.
                    connection.as_mut().graceful_shutdown();
                    let _ = connection.as_mut().now_or_never();
                    return;
                }
                told = stages.changed() => match told {
                    Ok(()) if *stages.borrow_and_update() == Stage::Serving => {}
                    Ok(()) => connection.as_mut().graceful_shutdown(),
                    // The server is gone.
                    Err(_) => return,
                },
            }
        }
    }
}

fn http(config: &ServeConfig) -> auto::Builder<TokioExecutor> {
    let mut http = auto::Builder::new(TokioExecutor::new());
    // The time of a head is ours to count: the library's own clock does not run before it knows the version.
    http.http1().timer(TokioTimer::new()).header_read_timeout(None).max_buf_size(config.max_head);
    http.http2()
        .timer(TokioTimer::new())
        .max_header_list_size(u32::try_from(config.max_head).unwrap_or(u32::MAX));
    http
}
