//! Carries out what the client's machine decides, and sorts what the server says by socket.

use std::{
    collections::{HashMap, VecDeque},
    sync::Arc,
};

use bytes::Bytes;
use sockeye_proto::{
    Group, Outbox,
    engine::{
        CloseReason, Conn, MessageRef, Packet, Req,
        client::{Body, Sink, Terms},
        payload::SEPARATOR,
    },
    outbox::Bounds,
    socket::{MuxConfig, client::Client},
};
use tokio::sync::mpsc;

use super::{
    driver::Input,
    requests::{self, UnderWay},
    websocket::WebSocket,
};
use crate::{
    device::Device,
    incoming,
    state::{Phase, Shared},
};

/// Everything that one session holds.
pub(super) struct Hands {
    device: Device,
    /// What the user adds to every request's query, behind what the protocol wants.
    query: String,
    shared: Arc<Shared>,
    inputs: mpsc::UnboundedSender<Input>,
    sid: Option<String>,
    outbox: Outbox,
    requests: HashMap<u64, UnderWay>,
    websockets: HashMap<u64, WebSocket>,
    writable: Option<Conn>,
    sockets: Client,
    confused: bool,
}

impl Hands {
    pub(super) fn new(
        device: Device,
        query: String,
        shared: Arc<Shared>,
        inputs: mpsc::UnboundedSender<Input>,
    ) -> Self {
        // A server may send what it likes; a test asserts it.
        let config =
            MuxConfig { max_attachments: usize::MAX, max_payload: usize::MAX, ..MuxConfig::default() };
        Self {
            device,
            query,
            shared,
            inputs,
            sid: None,
            outbox: Outbox::new(Bounds { soft: MUCH, hard: MUCH }),
            requests: HashMap::new(),
            websockets: HashMap::new(),
            writable: None,
            sockets: Client::new(Arc::new(config)),
            confused: false,
        }
    }

    /// Keeps what explains a failure.
    pub(super) fn notice(&mut self, input: &Input) {
        match input {
            Input::Answered(req, answered) => {
                self.requests.remove(&req.0);
                if let Ok(answer) = answered
                    && !answer.status.is_success()
                {
                    self.shared.change(|state| state.refusal = Some(answer.clone()));
                }
            }
            Input::SocketRefused(_, answer) => {
                self.shared.change(|state| state.refusal = Some(answer.clone()));
            }
            _ => {}
        }
    }

    /// Queues a packet; it leaves when there is a way.
    pub(super) fn queue(&self, group: Group) {
        // Refused once the session is over, and then nobody expects it to arrive.
        let _ = self.outbox.push(group);
    }

    /// Writes what waits, if there is a websocket for it.
    pub(super) fn write(&self) -> Option<Conn> {
        let conn = self.writable?;
        let websocket = self.websockets.get(&conn.0)?;
        let mut frames = VecDeque::new();
        self.outbox.take(usize::MAX, &mut frames);
        for frame in frames {
            for part in frame.parts() {
                let message = part.message();
                if part.is_binary() {
                    websocket.binary(Bytes::copy_from_slice(message));
                } else {
                    websocket.text(format!("4{}", String::from_utf8_lossy(message)));
                }
            }
            self.outbox.written(frame.len());
        }
        Some(conn)
    }

    /// The server has said what cannot be understood.
    pub(super) const fn is_confused(&self) -> bool {
        self.confused
    }

    /// Every connection ends.
    pub(super) fn end(&mut self) {
        self.requests.clear();
        self.websockets.clear();
        self.shared.change(|state| state.close("transport close"));
    }

    fn uri(&self, transport: &str) -> String {
        let Self { device, query, sid, .. } = self;
        let sid = sid.as_ref().map(|sid| format!("&sid={sid}")).unwrap_or_default();
        format!("{}?EIO=4&transport={transport}{query}{sid}", device.path)
    }

    fn request(&mut self, req: Req, body: Option<Vec<u8>>) {
        let request = requests::request(&self.uri("polling"), body);
        let sent = requests::send(self.device.clone(), req, request, self.inputs.clone());
        self.requests.insert(req.0, sent);
    }

    fn confuse(&mut self, fault: String) {
        self.confused = true;
        self.shared.change(|state| state.fault.get_or_insert(fault).truncate(2000));
    }
}

impl Sink for Hands {
    fn opened(&mut self, terms: &Terms) {
        let sid = terms.sid.to_string();
        self.sid = Some(sid.clone());
        self.shared.change(|state| state.phase = Phase::Open { sid });
    }

    fn message(&mut self, message: MessageRef<'_>) {
        match self.sockets.handle(message, tokio::time::Instant::now().into_std()) {
            Ok(None) => {}
            Ok(Some(incoming)) => match incoming::take(&self.shared, incoming) {
                Ok(Some(answer)) => self.queue(answer),
                Ok(None) => {}
                Err(fault) => self.confuse(fault),
            },
            Err(violation) => self.confuse(format!("the server broke the protocol: {}", violation.as_str())),
        }
    }

    fn get(&mut self, req: Req) {
        self.request(req, None);
    }

    fn post(&mut self, req: Req, body: Body<'_>) {
        let mut bytes = Vec::new();
        for control in body.controls {
            separate(&mut bytes);
            control.write(&mut bytes);
        }
        self.outbox.take_polling(body.frames, &mut bytes);
        self.outbox.all_written();
        if body.close && self.outbox.is_empty() {
            separate(&mut bytes);
            Packet::Close.write(&mut bytes);
        }
        self.request(req, Some(bytes));
    }

    fn abort(&mut self, req: Req) {
        self.requests.remove(&req.0);
    }

    fn connect(&mut self, conn: Conn) {
        let websocket =
            WebSocket::open(self.device.clone(), conn, self.uri("websocket"), self.inputs.clone());
        self.websockets.insert(conn.0, websocket);
    }

    fn packet(&mut self, conn: Conn, packet: &Packet<'_>) {
        let mut text = Vec::new();
        packet.write(&mut text);
        if let Some(websocket) = self.websockets.get(&conn.0) {
            websocket.text(String::from_utf8_lossy(&text).into_owned());
        }
    }

    fn writable(&mut self, conn: Option<Conn>) {
        self.writable = conn;
    }

    fn hang_up(&mut self, conn: Conn) {
        self.websockets.remove(&conn.0);
    }

    fn outgoing(&self) -> bool {
        !self.outbox.is_empty()
    }

    fn upgraded(&mut self) {
        self.shared.change(|state| state.upgraded = true);
    }

    fn closed(&mut self, reason: CloseReason) {
        let reason = match reason {
            // The server's half has two names for it, a client one.
            CloseReason::Forced(_) => "forced close",
            reason => reason.as_str(),
        };
        self.shared.change(|state| state.close(reason));
    }
}

fn separate(bytes: &mut Vec<u8>) {
    if !bytes.is_empty() {
        bytes.push(SEPARATOR);
    }
}

/// What waits on a client's side has no bound that a test would want to meet.
const MUCH: usize = 1 << 30;
