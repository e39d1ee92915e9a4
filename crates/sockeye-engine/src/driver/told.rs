//! Carries out what the machine tells.

use std::{task::Context, time::Duration};

use http::request::Parts;
use sockeye_proto::{
    engine::{Answer, CloseReason, Conn, Control, MessageRef, Req, Sink, Writable, payload::SEPARATOR},
    outbox::Taken,
    websocket::text_frame,
};
use tracing::debug;

use crate::{
    SessionHandler,
    body::Packets,
    driver::{
        core::{Around, Effect},
        guarded::Panicked,
    },
    exchange::Reply,
    response, span,
    stats::Tally,
};

/// The surroundings of the machine during one call of it.
pub(super) struct Told<'a, 'w, S: SessionHandler> {
    pub(super) around: &'a mut Around<S>,
    pub(super) cx: &'a mut Context<'w>,
    pub(super) tally: &'a mut Tally,
    /// The POST whose body is being decoded.
    pub(super) request: Option<&'a Parts>,
}

impl<S: SessionHandler> Sink for Told<'_, '_, S> {
    fn message(&mut self, message: MessageRef<'_>) {
        self.tally.received(message.len());
        match self.around.handler.message(self.cx, message, self.request) {
            Ok(flow) => self.around.flow(flow),
            Err(Panicked) => self.around.panicked(),
        }
    }

    fn answer(&mut self, req: Req, answer: Answer<'_>) {
        let requests = &mut self.around.requests;
        let Some(at) = requests.iter().position(|(known, _)| *known == req) else { return };
        let (_, exchange) = requests.swap_remove(at);
        if requests.is_empty() && !matches!(self.around.writable, Writable::Poll(_)) {
            *requests = Vec::new();
        }
        let reply = self.reply(req, answer);
        exchange.answer(reply);
    }

    fn control(&mut self, conn: Conn, control: Control<'_>) {
        let (kind, data) = control.parts();
        self.around.effects.push(Effect::Control(conn, text_frame(&[kind, data].concat())));
    }

    fn writable(&mut self, to: Writable) {
        self.around.writable = to;
        // A websocket is found writable by writing on it.
        self.around.session.outbox().set_writable(matches!(to, Writable::Poll(_)));
    }

    fn hang_up(&mut self, conn: Conn, code: Option<u16>) {
        self.around.effects.push(Effect::HangUp(conn, code));
    }

    fn outgoing(&self) -> bool {
        !self.around.session.outbox().is_empty()
    }

    fn closing(&mut self) {
        self.around.session.outbox().closing();
        self.around.effects.push(Effect::Closing);
    }

    fn upgraded(&mut self) {
        self.around.session.upgraded();
        self.around.requests.shrink_to_fit();
        self.tally.upgraded = true;
        span::upgraded();
        debug!(target: "sockeye::session", "upgraded to websocket");
        if self.around.handler.upgraded().is_err() {
            self.around.panicked();
        }
    }

    fn measured(&mut self, latency: Duration) {
        self.around.session.measured(latency);
    }

    fn stalled(&mut self) {
        if self.around.handler.stalled().is_err() {
            self.around.panicked();
        }
    }

    fn closed(&mut self, reason: CloseReason) {
        self.around.closed = Some(Box::new(reason));
    }
}

impl<S: SessionHandler> Told<'_, '_, S> {
    fn reply(&mut self, req: Req, answer: Answer<'_>) -> Reply {
        match answer {
            Answer::Ok => Reply::Ok,
            Answer::Packets { controls, frames, close } => self.packets(req, controls, frames, close),
            Answer::Error(error) => Reply::Error(error),
            Answer::Empty(code) => Reply::Empty(response::status(code)),
            // The machine has learnt an answer that this driver has not.
            _ => Reply::Empty(response::status(500)),
        }
    }

    /// A payload: controls, what waits, and the close packet when nothing waits any more.
    fn packets(&mut self, req: Req, controls: &[Control<'_>], frames: usize, close: bool) -> Reply {
        let outbox = self.around.session.outbox();
        let mut body = Vec::new();
        for control in controls {
            separate(&mut body);
            control.write(&mut body);
        }
        let before = body.len();
        let taken = if frames > 0 { outbox.take_polling(frames, &mut body) } else { Taken::default() };
        self.tally.sent_payload(body.get(before..).unwrap_or_default());
        if close && outbox.is_empty() {
            separate(&mut body);
            Control::Close.write(&mut body);
        }
        // Whether an unread answer is a loss is for the machine to know.
        Reply::Packets(Box::new(Packets::new(body, taken, &self.around.session, req)))
    }
}

fn separate(body: &mut Vec<u8>) {
    if !body.is_empty() {
        body.push(SEPARATOR);
    }
}
