//! Becoming a websocket: the handshake of RFC 6455 and the stream behind it.

use std::{future::Future, io, sync::Arc};

use bytes::Bytes;
use http::{Response, request::Parts};
use sockeye_proto::engine::{RequestError, Transport};
use tokio::time::timeout;
use tracing::debug;

use crate::{
    Body, Handler,
    engine::EngineState,
    inbox::Command,
    open::{self, Name, OpenedBy},
    places::Place,
    response,
    session::SessionState,
};

mod accept;
mod extension;
mod stream;
mod upgrade;

use self::accept::Refused;

pub use self::{stream::Io, upgrade::Upgrade};

pub(crate) use self::{
    extension::{Beginning, Deflate, Extension},
    stream::Stream,
};

/// Answers a request for a session that begins as a websocket. The session is opened when the stream is there, so a
/// client that goes away in between leaves nothing behind.
pub(crate) fn open<H: Handler>(
    engine: &Arc<EngineState<H>>,
    mut parts: Parts,
    place: Place,
    name: Name,
) -> Response<Body> {
    let (response, extension, stream) = match negotiate(engine, &mut parts) {
        Ok(agreed) => agreed,
        Err(refused) => {
            engine.settings.hooks.refused(RequestError::BadRequest, &parts);
            return refused.into_response();
        }
    };
    let engine = Arc::clone(engine);
    hand_over(engine.config.upgrade_timeout, stream, move |stream, read| {
        let session = open::session(&engine, &name, Transport::WebSocket);
        session.occupy(place);
        open::start(&engine, session, parts, OpenedBy::Socket(stream, Beginning { read, extension }));
        drop(name);
    });
    response
}

/// Answers a request for a websocket that a polling session may move to. One that has moved already, or is about to,
/// is left in peace: the request is refused before its 101.
pub(crate) fn upgrade<H: Handler>(
    engine: &Arc<EngineState<H>>,
    session: Arc<SessionState>,
    mut parts: Parts,
) -> Response<Body> {
    let Some(claim) = session.claim_upgrade() else {
        engine.settings.hooks.refused(RequestError::BadRequest, &parts);
        return response::refusal(RequestError::BadRequest);
    };
    let (response, extension, stream) = match negotiate(engine, &mut parts) {
        Ok(agreed) => agreed,
        Err(refused) => {
            engine.settings.hooks.refused(RequestError::BadRequest, &parts);
            return refused.into_response();
        }
    };
    hand_over(engine.config.upgrade_timeout, stream, move |stream, read| {
        let conn = session.name_socket();
        session.command(Command::Socket { conn, stream, beginning: Beginning { read, extension }, claim });
    });
    response
}

type Agreed<F> = (Response<Body>, Option<Box<Extension>>, F);

/// Checks the handshake and finds the stream that the connection will become.
fn negotiate<H>(
    engine: &EngineState<H>,
    parts: &mut Parts,
) -> Result<Agreed<impl Future<Output = io::Result<(Stream, Bytes)>> + Send + 'static>, Refused> {
    let mut response = accept::accept(&parts.headers)?;
    let extension = match &engine.deflate {
        Some(deflate) => deflate.negotiate(&parts.headers).map_err(|_| Refused::Extensions)?,
        None => None,
    };
    if let Some(extension) = &extension {
        extension.announce(&mut response);
    }
    let stream = upgrade::stream(&mut parts.extensions).ok_or(Refused::NoStream)?;
    Ok((response, extension.map(Box::new), stream))
}

/// Waits in a task of its own for the stream, which comes when the 101 has been written. That task ends with it, and
/// with it all that the HTTP library kept for the connection.
fn hand_over(
    limit: std::time::Duration,
    stream: impl Future<Output = io::Result<(Stream, Bytes)>> + Send + 'static,
    then: impl FnOnce(Stream, Bytes) + Send + 'static,
) {
    tokio::spawn(async move {
        match timeout(limit, stream).await {
            Ok(Ok((stream, read))) => then(stream, read),
            Ok(Err(_)) | Err(_) => debug!(target: "sockeye::session", "a websocket was not taken up"),
        }
    });
}
