//! A raw peer of Engine.IO, the same on both transports.

use std::{collections::VecDeque, time::Duration};

use base64::{Engine as _, engine::general_purpose::STANDARD};

use super::{Frame, Pending, Request, Server, Via, WebSocket, frame, http::sid, settle};

/// What a peer gets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Got {
    /// A packet of Engine.IO as text, with its type: `40{…}`, `2`.
    Packet(String),
    /// A binary message.
    Attachment(Vec<u8>),
    /// The end: a close packet or an error by polling, a close frame or the end of the connection by websocket.
    Closed,
}

/// A client that does nothing by itself, but for answering pings while it waits for something else.
#[derive(Debug)]
pub(crate) struct Peer {
    server: Server,
    /// The name of the session.
    pub(crate) sid: String,
    got: VecDeque<Got>,
    /// The GET that waits; kept when nobody listens any longer, for a GET that is given up ends its session.
    poll: Option<Pending>,
    /// `None`: it polls.
    pub(crate) websocket: Option<WebSocket>,
}

impl Peer {
    /// Opens a session.
    pub(crate) async fn open(server: &Server, via: Via) -> Self {
        Self::open_with(server, via, "", &[]).await
    }

    /// Opens a session by a request with more in its query (`&token=x`) and more headers.
    pub(crate) async fn open_with(server: &Server, via: Via, query: &str, headers: &[(&str, &str)]) -> Self {
        let mut request = match via {
            Via::Polling => Request::query("GET", &format!("EIO=4&transport=polling{query}")),
            Via::WebSocket => Request::websocket(&format!("EIO=4&transport=websocket{query}")),
        };
        for (name, value) in headers {
            request = request.header(name, value);
        }
        let (websocket, sid) = match via {
            Via::Polling => (None, sid(server.send(request).await.packets())),
            Via::WebSocket => {
                let (websocket, sid) = server.open_websocket_by(request).await;
                (Some(websocket), sid)
            }
        };
        Self { server: server.clone(), sid, got: VecDeque::new(), poll: None, websocket }
    }

    /// Opens a session and joins the namespace `/`.
    pub(crate) async fn join(server: &Server, via: Via) -> Self {
        let mut peer = Self::open(server, via).await;
        peer.connect("40").await;
        peer
    }

    /// Sends a CONNECT packet, expects to be let in, and gives the socket's id.
    pub(crate) async fn connect(&mut self, packet: &str) -> String {
        self.send(packet).await;
        let answer = self.packet().await;
        let (_, json) = answer.split_once('{').unwrap_or_else(|| panic!("no CONNECT: {answer}"));
        let json: serde_json::Value = serde_json::from_str(&format!("{{{json}")).unwrap();
        assert!(answer.starts_with("40"), "{answer}");
        json["sid"].as_str().unwrap().to_owned()
    }

    /// Sends one packet, given with the engine's `4`, as in `42["event"]`.
    pub(crate) async fn send(&mut self, packet: &str) {
        self.send_all(&[packet]).await;
    }

    /// Sends several packets in one burst: one POST, or frames in one write.
    pub(crate) async fn send_all(&mut self, packets: &[&str]) {
        match &mut self.websocket {
            // Whoever posts to a server that has hung up notices at the next poll.
            None => drop(self.server.send(Request::post(&self.sid, packets.join("\x1e"))).await),
            Some(websocket) => websocket.send_all(packets).await,
        }
    }

    /// Sends a packet and its attachments in one burst.
    pub(crate) async fn send_binary(&mut self, packet: &str, attachments: &[&[u8]]) {
        match &mut self.websocket {
            None => {
                let attachments = attachments.iter().map(|bytes| format!("\x1eb{}", STANDARD.encode(bytes)));
                let body = format!("{packet}{}", attachments.collect::<String>());
                drop(self.server.send(Request::post(&self.sid, body)).await);
            }
            Some(websocket) => {
                let mut frames = frame(1, packet);
                frames.extend(attachments.iter().flat_map(|bytes| frame(2, bytes)));
                websocket.connection.write(frames).await;
            }
        }
    }

    /// Sends one attachment by itself.
    pub(crate) async fn send_attachment(&mut self, bytes: &[u8]) {
        match &mut self.websocket {
            None => self.send(&format!("b{}", STANDARD.encode(bytes))).await,
            Some(websocket) => websocket.send_binary(bytes).await,
        }
    }

    /// What comes next, whatever it is. Nothing is answered by this.
    pub(crate) async fn raw(&mut self) -> Got {
        loop {
            if let Some(got) = self.got.pop_front() {
                return got;
            }
            let Some(websocket) = &mut self.websocket else {
                self.fetch().await;
                continue;
            };
            return match websocket.next().await {
                Frame::Text(text) => Got::Packet(text),
                Frame::Binary(bytes) => Got::Attachment(bytes),
                Frame::Pong(_) => continue,
                Frame::Close(_) | Frame::End => Got::Closed,
            };
        }
    }

    /// What comes next. Pings are answered, noops skipped.
    pub(crate) async fn next(&mut self) -> Got {
        loop {
            match self.raw().await {
                Got::Packet(packet) if packet == "2" => self.send("3").await,
                Got::Packet(packet) if packet == "6" => {}
                Got::Packet(packet) if packet == "1" => return Got::Closed,
                other => return other,
            }
        }
    }

    /// The next packet.
    pub(crate) async fn packet(&mut self) -> String {
        match self.next().await {
            Got::Packet(packet) => packet,
            other => panic!("no packet: {other:?}"),
        }
    }

    /// The next binary message.
    pub(crate) async fn attachment(&mut self) -> Vec<u8> {
        match self.next().await {
            Got::Attachment(bytes) => bytes,
            other => panic!("no attachment: {other:?}"),
        }
    }

    /// Nothing comes for a while.
    pub(crate) async fn assert_silent(&mut self) {
        if let Ok(got) = tokio::time::timeout(Duration::from_millis(500), self.next()).await {
            panic!("not silent: {got:?}");
        }
    }

    /// The session ends with nothing more said.
    pub(crate) async fn assert_closed(&mut self) {
        assert_eq!(self.next().await, Got::Closed);
        if self.websocket.is_none() {
            self.server.send(Request::poll(&self.sid)).await.assert_unknown();
        }
    }

    /// Vanishes without a word: the connection of the websocket or of the waiting GET is cut.
    pub(crate) async fn vanish(mut self) {
        if self.websocket.is_none() {
            let poll = match self.poll.take() {
                Some(poll) => poll,
                None => self.server.poll(&self.sid).await,
            };
            assert!(poll.is_waiting(), "a GET that should wait was answered");
            poll.abort().await;
        }
        drop(self);
        settle().await;
    }

    /// One GET, as far as it has not been answered yet.
    async fn fetch(&mut self) {
        let poll = self.poll.get_or_insert_with(|| self.server.start(Request::poll(&self.sid)));
        let answer = poll.answered().await;
        self.poll = None;
        if answer.status != 200 {
            return self.got.push_back(Got::Closed);
        }
        for packet in answer.packets().split('\x1e') {
            self.got.push_back(match packet.strip_prefix('b') {
                Some(bytes) => Got::Attachment(STANDARD.decode(bytes).unwrap()),
                None => Got::Packet(packet.to_owned()),
            });
        }
    }
}
