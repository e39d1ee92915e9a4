//! What a request gets on its way to the application.

use std::{convert::Infallible, future::Future, io, net::SocketAddr, sync::Arc, time::Duration};

use axum::{
    body::Body,
    extract::{ConnectInfo, Request},
    response::Response,
};
use http::header;
use hyper::{body::Incoming, upgrade::OnUpgrade};
use sockeye_engine::websocket::Upgrade;
use tokio::io::{AsyncRead, AsyncWrite};
use tower::ServiceExt;
use tower_service::Service;

use super::{
    activity::Activity,
    body::{Answering, Timed},
    stream::Stream,
};

/// Hands a request to the application.
pub(super) fn answer<I, S>(
    request: http::Request<Incoming>,
    app: S,
    peer: SocketAddr,
    body_timeout: Option<Duration>,
    activity: &Arc<Activity>,
) -> impl Future<Output = Result<http::Response<Answering>, Infallible>> + Send + use<I, S>
where
    I: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    S: Service<Request, Response = Response, Error = Infallible> + Send,
    S::Future: Send,
{
    let under_way = activity.begin();
    let mut request = request.map(|body| match body_timeout {
        Some(time) => Body::new(Timed::new(body, time)),
        None => Body::new(body),
    });
    request.extensions_mut().insert(ConnectInfo(peer));
    if request.headers().contains_key(header::UPGRADE)
        && let Some(upgrade) = request.extensions().get::<OnUpgrade>().cloned()
    {
        // A websocket of ours takes the stream without the HTTP library's wrappers; others find the original.
        request.extensions_mut().insert(Upgrade::new(async move {
            Stream::<I>::from_upgraded(upgrade.await.map_err(io::Error::other)?)
        }));
    }
    async move { Ok(app.oneshot(request).await?.map(|body| Answering::new(body, under_way))) }
}
