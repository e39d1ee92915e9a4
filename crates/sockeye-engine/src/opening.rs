//! A handshake that was judged and is about to have a session.

use std::sync::Arc;

use http::{Response, StatusCode, request::Parts};
use sockeye_proto::engine::{RequestError, Transport};

use crate::{
    Body, Handler,
    engine::EngineState,
    hooks::Dress,
    open::{self, Name, OpenedBy},
    places::Place,
    polling::{Encoder, Get},
    response, websocket,
};

/// What a handshake comes to.
pub(crate) enum Opened {
    /// An answer that is complete: a refusal, or the 101.
    Answered(Response<Body>),
    /// The session's task answers, and the answer is dressed.
    Get(Get, Option<Box<Dress>>),
}

/// A handshake, with a place among the sessions that nobody has claimed.
pub(crate) struct Opening<H> {
    pub(crate) engine: Arc<EngineState<H>>,
    pub(crate) transport: Transport,
    pub(crate) parts: Parts,
    pub(crate) place: Place,
}

impl<H: Handler> Opening<H> {
    /// Asks the application first.
    pub(crate) async fn ask(self) -> Opened {
        let hooks = &self.engine.settings.hooks;
        if let Err(refused) = hooks.allow(&self.parts).await {
            hooks.refused(RequestError::Forbidden, &self.parts);
            return Opened::Answered(response::forbidden(refused.message()));
        }
        let name = match hooks.generate_id {
            None => Name::random(),
            Some(_) => {
                match hooks.name(&self.parts).await.and_then(|sid| self.engine.sessions.reserve(sid)) {
                    Some(reserved) => Some(Name::Reserved(reserved)),
                    None => {
                        hooks.refused(RequestError::BadRequest, &self.parts);
                        return Opened::Answered(response::refusal(RequestError::BadRequest));
                    }
                }
            }
        };
        self.open(name)
    }

    /// Opens the session under this name, or none when there was no randomness for one.
    pub(crate) fn open(self, name: Option<Name>) -> Opened {
        let Some(name) = name else {
            return Opened::Answered(response::empty(StatusCode::INTERNAL_SERVER_ERROR));
        };
        let mut dress = Dress::first(&self.engine.settings.hooks, &self.parts);
        let Self { engine, transport, parts, place } = self;
        if transport == Transport::WebSocket {
            let mut response = websocket::open(&engine, parts, place, name);
            if let Some(dress) = dress {
                dress.put_on(&mut response);
            }
            return Opened::Answered(response);
        }
        if let Some(dress) = &mut dress {
            dress.name(name.as_str());
        }
        let session = open::session(&engine, &name, Transport::Polling);
        session.occupy(place);
        let encoder = Encoder::new(engine.compression.as_ref(), &parts.headers);
        let get = Get::handshake(Arc::clone(&session)).encoded(encoder);
        open::start(&engine, session, parts, OpenedBy::Get(get.req(), get.exchange()));
        Opened::Get(get, dress)
    }
}
