//! The client's half of Engine.IO, which `sockeye-proto` has as a machine, driven against a server.

use std::{
    collections::{HashMap, VecDeque},
    time::Instant,
};

use sockeye_proto::{
    Frame as Queued, Outbox,
    engine::{
        CloseReason, Conn, FrameRef, MessageRef, Packet, Req, Transport, Why,
        client::{Body, Client, Input, Options, Sink, Terms},
        payload::SEPARATOR,
    },
    outbox::Bounds,
};
use tokio::{
    sync::mpsc,
    task::{AbortHandle, JoinHandle},
    time,
};

use super::{Frame, Request, Server, WebSocket, frame};

/// A client that runs in a task of its own.
#[derive(Debug)]
pub(crate) struct Machine {
    asks: mpsc::UnboundedSender<Event>,
    told: mpsc::UnboundedReceiver<Told>,
    /// The lengths of the bodies that were posted.
    posts: Vec<usize>,
    task: JoinHandle<()>,
}

/// What the client tells its user.
#[derive(Debug)]
enum Told {
    Opened(String),
    Posted(usize),
    Message(String),
    Upgraded,
    Closed(CloseReason),
}

#[derive(Debug)]
enum Event {
    /// Messages to send at once.
    Send(Vec<String>),
    Close,
    Answered(Req, u16, String),
    SocketOpened(Conn),
    Text(Conn, String),
    SocketClosed(Conn),
}

impl Machine {
    /// Opens a session; answers when the server has.
    pub(crate) async fn open(server: &Server, transport: Transport) -> (Self, String) {
        let (asks, asked) = mpsc::unbounded_channel();
        let (tell, told) = mpsc::unbounded_channel();
        let hands = Hands {
            server: server.clone(),
            sid: String::new(),
            outbox: Outbox::new(Bounds::default()),
            events: asks.clone(),
            tell,
            requests: HashMap::new(),
            sockets: HashMap::new(),
            writable: None,
        };
        let task = tokio::spawn(run(hands, asked, transport));
        let mut machine = Self { asks, told, posts: Vec::new(), task };
        match machine.next().await {
            Told::Opened(sid) => (machine, sid),
            other => panic!("not opened: {other:?}"),
        }
    }

    /// Sends messages (without the engine's `4`) in one burst.
    pub(crate) fn send(&self, messages: &[&str]) {
        let messages = messages.iter().map(|message| (*message).to_owned()).collect();
        self.asks.send(Event::Send(messages)).unwrap();
    }

    /// Says goodbye, behind what was sent.
    pub(crate) fn close(&self) {
        self.asks.send(Event::Close).unwrap();
    }

    /// The next message from the server.
    pub(crate) async fn message(&mut self) -> String {
        loop {
            match self.next().await {
                Told::Message(message) => return message,
                Told::Upgraded => {}
                other => panic!("no message: {other:?}"),
            }
        }
    }

    /// It has moved to its websocket; nothing else came before.
    pub(crate) async fn upgraded(&mut self) {
        let told = self.next().await;
        assert!(matches!(told, Told::Upgraded), "{told:?}");
    }

    /// The session ends; messages on the way there are thrown away.
    pub(crate) async fn closed(&mut self) -> CloseReason {
        loop {
            if let Told::Closed(reason) = self.next().await {
                return reason;
            }
        }
    }

    /// The lengths of the bodies that were posted until now.
    pub(crate) fn posts(&self) -> &[usize] {
        &self.posts
    }

    async fn next(&mut self) -> Told {
        loop {
            match self.told.recv().await.expect("a client says why it ends") {
                Told::Posted(bytes) => self.posts.push(bytes),
                other => return other,
            }
        }
    }
}

impl Drop for Machine {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Carries out what the machine decides.
struct Hands {
    server: Server,
    sid: String,
    outbox: Outbox,
    events: mpsc::UnboundedSender<Event>,
    tell: mpsc::UnboundedSender<Told>,
    requests: HashMap<u64, AbortHandle>,
    sockets: HashMap<u64, mpsc::UnboundedSender<Vec<u8>>>,
    writable: Option<Conn>,
}

async fn run(mut hands: Hands, mut asked: mpsc::UnboundedReceiver<Event>, transport: Transport) {
    let mut client = Client::open(Options::default(), transport, now(), &mut hands);
    while let Some(due) = client.timeout() {
        let event = tokio::select! {
            event = asked.recv() => event,
            () = time::sleep_until(due.into()) => None,
        };
        let input = match &event {
            None => Input::Timeout,
            Some(Event::Send(messages)) => {
                for message in messages {
                    hands.outbox.push(Queued::text(message).into()).unwrap();
                }
                Input::Outgoing
            }
            Some(Event::Close) => Input::Close(CloseReason::Forced(client.transport())),
            Some(Event::Answered(req, status, body)) => Input::Answered(*req, *status, body.as_bytes()),
            Some(Event::SocketOpened(conn)) => Input::SocketOpened(*conn),
            Some(Event::Text(conn, text)) => Input::Frame(*conn, FrameRef::Text(text)),
            Some(Event::SocketClosed(conn)) => Input::SocketClosed(*conn, Why::Closed),
        };
        client.handle(input, now(), &mut hands);
        if let Some(conn) = hands.write()
            && client.is_closing()
        {
            client.handle(Input::Flushed(conn), now(), &mut hands);
        }
    }
}

fn now() -> Instant {
    time::Instant::now().into_std()
}

impl Hands {
    /// Writes what waits, if there is a websocket for it.
    fn write(&self) -> Option<Conn> {
        let conn = self.writable?;
        let mut frames = VecDeque::new();
        self.outbox.take(usize::MAX, &mut frames);
        for queued in frames {
            let text = str::from_utf8(queued.message()).unwrap();
            self.send(conn, &format!("4{text}"));
            self.outbox.written(queued.len());
        }
        Some(conn)
    }

    fn send(&self, conn: Conn, text: &str) {
        if let Some(socket) = self.sockets.get(&conn.0) {
            let _ = socket.send(frame(1, text));
        }
    }

    fn query(&self, transport: &str) -> String {
        match &*self.sid {
            "" => format!("EIO=4&transport={transport}"),
            sid => format!("EIO=4&transport={transport}&sid={sid}"),
        }
    }

    fn ask(&mut self, req: Req, request: Request) {
        let (server, events) = (self.server.clone(), self.events.clone());
        let task = tokio::spawn(async move {
            let answer = server.send(request).await;
            let _ = events.send(Event::Answered(req, answer.status, answer.text().to_owned()));
        });
        self.requests.insert(req.0, task.abort_handle());
    }
}

impl Sink for Hands {
    fn opened(&mut self, terms: &Terms) {
        self.sid = terms.sid.to_string();
        let _ = self.tell.send(Told::Opened(self.sid.clone()));
    }

    fn message(&mut self, message: MessageRef<'_>) {
        let MessageRef::Text(text) = message else { panic!("not text") };
        let _ = self.tell.send(Told::Message(text.to_owned()));
    }

    fn get(&mut self, req: Req) {
        self.ask(req, Request::query("GET", &self.query("polling")));
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
        let _ = self.tell.send(Told::Posted(bytes.len()));
        self.ask(req, Request::query("POST", &self.query("polling")).body(bytes));
    }

    fn abort(&mut self, req: Req) {
        if let Some(request) = self.requests.remove(&req.0) {
            request.abort();
        }
    }

    fn connect(&mut self, conn: Conn) {
        let (writer, mut written) = mpsc::unbounded_channel::<Vec<u8>>();
        self.sockets.insert(conn.0, writer);
        let request = Request::websocket(&self.query("websocket"));
        let (server, events) = (self.server.clone(), self.events.clone());
        tokio::spawn(async move {
            let (answer, connection) = server.ask_websocket(request).await;
            if answer.status == 101 {
                let _ = events.send(Event::SocketOpened(conn));
                let mut socket = WebSocket::new(connection);
                loop {
                    let event = tokio::select! {
                        biased;
                        bytes = written.recv() => match bytes {
                            Some(bytes) => { socket.connection.write(bytes).await; continue }
                            // Hung up.
                            None => return,
                        },
                        frame = socket.next() => frame,
                    };
                    match event {
                        Frame::Text(text) => drop(events.send(Event::Text(conn, text))),
                        Frame::Close(_) | Frame::End => break,
                        other => panic!("unexpected {other:?}"),
                    }
                }
            }
            let _ = events.send(Event::SocketClosed(conn));
        });
    }

    fn packet(&mut self, conn: Conn, packet: &Packet<'_>) {
        let mut text = Vec::new();
        packet.write(&mut text);
        self.send(conn, str::from_utf8(&text).unwrap());
    }

    fn writable(&mut self, conn: Option<Conn>) {
        self.writable = conn;
    }

    fn hang_up(&mut self, conn: Conn) {
        self.sockets.remove(&conn.0);
    }

    fn outgoing(&self) -> bool {
        !self.outbox.is_empty()
    }

    fn upgraded(&mut self) {
        let _ = self.tell.send(Told::Upgraded);
    }

    fn closed(&mut self, reason: CloseReason) {
        let _ = self.tell.send(Told::Closed(reason));
    }
}

fn separate(bytes: &mut Vec<u8>) {
    if !bytes.is_empty() {
        bytes.push(SEPARATOR);
    }
}
