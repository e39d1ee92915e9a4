//! The one extension of websockets that is known: permessage-deflate (RFC 7692).

use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Response, header};
use sockeye_proto::{
    deflate::Pool,
    websocket::deflate::{Agreed, MalformedOffer, PermessageDeflate},
};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::Body;

/// How the websockets of one engine are compressed.
#[derive(Debug)]
pub(crate) struct Deflate {
    settings: PermessageDeflate,
    pool: Arc<Pool>,
    /// How many connections may have memory of their own.
    contexts: Arc<Semaphore>,
}

impl Deflate {
    pub(crate) fn new(settings: PermessageDeflate, pool: Arc<Pool>, contexts: usize) -> Self {
        let contexts = Arc::new(Semaphore::new(contexts.min(Semaphore::MAX_PERMITS)));
        Self { settings, pool, contexts }
    }

    /// Answers the offers of a request, if there are any.
    pub(crate) fn negotiate(&self, headers: &HeaderMap) -> Result<Option<Extension>, MalformedOffer> {
        let mut offers = Vec::new();
        for value in headers.get_all(header::SEC_WEBSOCKET_EXTENSIONS) {
            offers.push(value.to_str().map_err(|_| MalformedOffer)?);
        }
        let agreed = self.settings.negotiate(offers)?;
        Ok(agreed.map(|agreed| {
            let context = agreed.keeps_context().then(|| Arc::clone(&self.contexts).try_acquire_owned());
            let context = context.and_then(Result::ok);
            // Beyond the bound a client is told that nothing is kept for it.
            let agreed = if context.is_none() { agreed.without_context() } else { agreed };
            Extension { agreed, pool: Arc::clone(&self.pool), context }
        }))
    }
}

/// What was agreed on one websocket.
#[derive(Debug)]
pub(crate) struct Extension {
    pub(crate) agreed: Agreed,
    pub(crate) pool: Arc<Pool>,
    /// For as long as the connection keeps memory.
    pub(crate) context: Option<OwnedSemaphorePermit>,
}

impl Extension {
    /// Tells the client.
    pub(super) fn announce(&self, response: &mut Response<Body>) {
        // Names and numbers are always a legal header value.
        if let Ok(value) = HeaderValue::try_from(self.agreed.to_string()) {
            response.headers_mut().insert(header::SEC_WEBSOCKET_EXTENSIONS, value);
        }
    }
}

/// How a websocket begins: with bytes that were read behind its request, and with what was agreed.
#[derive(Debug, Default)]
pub(crate) struct Beginning {
    pub(crate) read: Bytes,
    /// Boxed: there mostly is none.
    pub(crate) extension: Option<Box<Extension>>,
}
