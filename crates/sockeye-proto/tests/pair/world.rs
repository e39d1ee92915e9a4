//! A run: both machines, the network between them, and one clock for all.

use std::{
    collections::HashSet,
    sync::Arc,
    time::{Duration, Instant},
};

use sockeye_proto::{
    Id,
    engine::{
        Close, CloseReason, Config, Conn, FrameRef, Input, Opening, Packet, Req, Session, Transport, Why,
        Writable,
        client::{self as peer, Client, Options},
    },
};

use super::{
    client,
    network::{Event, Network, Side, Wire},
    plan::{Message, Plan},
    server::{self, Server},
};

pub(super) struct World {
    pub(super) server: Server,
    pub(super) client: Client,
    pub(super) told: client::Told,
    pub(super) network: Network,
    config: Arc<Config>,
    /// Websockets as each side sees them.
    open: HashSet<(Side, Conn)>,
}

impl World {
    /// Runs a plan for an hour.
    pub(super) fn run(plan: &Plan) -> Self {
        let mut network = Network::new(plan);
        let start = network.start;
        for (side, messages) in [(Side::Server, plan.from_server), (Side::Client, plan.from_client)] {
            for _ in 0..messages {
                let at = start + network.dice.within(plan.span);
                network.at(at, Event::Emit(side));
            }
        }
        let closes = [(Side::Server, plan.server_closes), (Side::Client, plan.client_closes)];
        for (side, after) in closes {
            if let Some(after) = after {
                network.at(start + after, Event::Close(side));
            }
        }
        if let Some(after) = plan.socket_breaks {
            network.at(start + after, Event::Break);
        }
        let mut told = client::Told::default();
        let options = Options { upgrade: plan.upgrade, ..Options::default() };
        let client = Client::open(options, plan.transport, start, &mut told);
        let config = Config {
            ping_interval: Duration::from_secs(3),
            ping_timeout: Duration::from_secs(2),
            max_payload: 100,
            ..Config::default()
        };
        assert_eq!(config.validate(), Ok(()));
        let config = Arc::new(config);
        let mut world =
            Self { server: Server::default(), client, told, network, config, open: HashSet::new() };
        world.carry();
        while let Some(at) = world.next().filter(|at| *at < start + Duration::from_secs(3600)) {
            if world.network.next() == Some(at) {
                let event = world.network.pop().unwrap();
                world.happen(event);
            } else {
                world.network.now = at;
                world.time_out();
            }
            world.carry();
        }
        world
    }

    /// The time from the start to the moment the later side closed.
    pub(super) fn both_closed(&self) -> Option<Duration> {
        let last = self.told.closed_at.max(self.server.told.closed_at);
        let both = self.told.closed_at.is_some() && self.server.told.closed_at.is_some();
        last.filter(|_| both).map(|at| at - self.network.start)
    }

    fn next(&self) -> Option<Instant> {
        let session = self.server.session.as_ref().and_then(Session::timeout);
        [self.network.next(), session, self.client.timeout()].into_iter().flatten().min()
    }

    fn time_out(&mut self) {
        let now = self.network.now;
        if self.server.session.as_ref().and_then(Session::timeout).is_some_and(|at| at <= now) {
            self.tell_server(Input::Timeout);
            let next = self.server.session.as_ref().and_then(Session::timeout);
            assert!(next.is_none_or(|at| at > now));
        }
        if self.client.timeout().is_some_and(|at| at <= now) {
            self.tell_client(peer::Input::Timeout);
            assert!(self.client.timeout().is_none_or(|at| at > now));
        }
    }

    fn happen(&mut self, event: Event) {
        match event {
            Event::Asked { req, post: false } if self.server.session.is_none() => {
                self.open_session(Opening::Polling(req))
            }
            Event::Asked { req, post: false } => self.tell_server(Input::PollOpened(req)),
            Event::Asked { req, post: true } => self.tell_server(Input::PostOpened { req, binary: false }),
            Event::Packet(req, packet) => self.tell_server(Input::PostPacket(req, &packet)),
            Event::BodyEnd(req) => self.tell_server(Input::PostEnd(req)),
            Event::Gone { req, post: false } => self.tell_server(Input::PollDropped(req)),
            Event::Gone { req, post: true } => self.tell_server(Input::PostAborted(req)),
            Event::Answered(req, status, body) => {
                self.told.post_refused |= status != 200 && self.told.posts.contains(&req);
                self.tell_client(peer::Input::Answered(req, status, &body));
            }
            Event::Failed(req) => self.tell_client(peer::Input::Failed(req)),
            Event::Connect(conn) => self.connect(conn),
            Event::Connected(conn) => self.tell_client(peer::Input::SocketOpened(conn)),
            Event::Wire(side, conn, wire) => self.wire(side, conn, &wire),
            Event::Emit(Side::Server) => {
                if self.server.session.is_some() && self.server.told.emit() {
                    self.tell_server(Input::Outgoing);
                }
            }
            Event::Emit(Side::Client) => {
                if !self.client.is_closing() && !self.client.is_closed() {
                    self.told.emit();
                    self.tell_client(peer::Input::Outgoing);
                }
            }
            Event::Close(Side::Server) => {
                self.tell_server(Input::Close(Close::Graceful(CloseReason::ServerShuttingDown)));
            }
            Event::Close(Side::Client) => {
                self.tell_client(peer::Input::Close(CloseReason::Forced(Transport::WebSocket)));
            }
            Event::Break => {
                for (side, conn) in self.open.clone() {
                    self.network.send_wire(side, conn, Wire::Closed);
                }
            }
        }
    }

    fn open_session(&mut self, opening: Opening) {
        let (id, config, now) = (Id::from_random([7; 15]), Arc::clone(&self.config), self.network.now);
        self.server.session = Some(Session::open(id, config, opening, now, &mut self.server.told));
    }

    /// A websocket reaches the server, which judges it before it opens.
    fn connect(&mut self, conn: Conn) {
        let upgrade = self.server.session.as_ref().map(Session::may_upgrade);
        if upgrade == Some(false) {
            return self.network.send_wire(Side::Client, conn, Wire::Closed);
        }
        self.open.insert((Side::Server, conn));
        self.open.insert((Side::Client, conn));
        self.network.send(Event::Connected(conn));
        match upgrade {
            Some(_) => self.tell_server(Input::SocketOpened(conn)),
            None => self.open_session(Opening::WebSocket(conn)),
        }
    }

    fn wire(&mut self, side: Side, conn: Conn, wire: &Wire) {
        let frame = match wire {
            Wire::Text(text) => FrameRef::Text(text),
            Wire::Binary(bytes) => FrameRef::Binary(bytes),
            Wire::Closed => {
                self.open.remove(&(side, conn));
                return match side {
                    Side::Server => self.tell_server(Input::SocketClosed(conn, Why::Closed)),
                    Side::Client => self.tell_client(peer::Input::SocketClosed(conn, Why::Closed)),
                };
            }
        };
        if self.open.contains(&(side, conn)) {
            match side {
                Side::Server => self.tell_server(Input::Frame(conn, frame)),
                Side::Client => self.tell_client(peer::Input::Frame(conn, frame)),
            }
        }
    }

    fn tell_server(&mut self, input: Input<'_>) {
        let (now, Server { session, told }) = (self.network.now, &mut self.server);
        let Some(session) = session else { return };
        session.handle(input, now, told);
        if told.closed.is_some() {
            told.closed_at.get_or_insert(now);
        }
    }

    fn tell_client(&mut self, input: peer::Input<'_>) {
        self.client.handle(input, self.network.now, &mut self.told);
        if self.told.closed.is_some() {
            self.told.closed_at.get_or_insert(self.network.now);
        }
    }

    /// Carries out what both have told.
    fn carry(&mut self) {
        self.carry_server();
        self.carry_client();
        if let Writable::Socket(conn) = self.server.told.writable {
            for message in self.server.told.take() {
                self.send_message(Side::Client, conn, &message);
            }
            if self.server.session.as_ref().is_some_and(Session::is_closing) {
                self.tell_server(Input::Flushed(conn));
                self.carry_server();
            }
        }
        if let Some(conn) = self.told.writable {
            for message in std::mem::take(&mut self.told.outbox) {
                self.send_message(Side::Server, conn, &message);
            }
            if self.client.is_closing() {
                self.tell_client(peer::Input::Flushed(conn));
                self.carry_client();
            }
        }
    }

    fn carry_server(&mut self) {
        while let Some(act) = self.server.told.acts.pop_front() {
            match act {
                server::Act::Answer(req, status, body) => self.network.answer(req, status, body),
                server::Act::Packet(conn, text) => {
                    self.network.send_wire(Side::Client, conn, Wire::Text(text))
                }
                server::Act::HangUp(conn) => self.hang_up(Side::Server, Side::Client, conn),
            }
        }
    }

    fn carry_client(&mut self) {
        while let Some(act) = self.told.acts.pop_front() {
            match act {
                client::Act::Get(req) => self.network.request(req, None),
                client::Act::Post(req, packets) => self.network.request(req, Some(packets)),
                client::Act::Abort(req) => self.abort(req),
                client::Act::Connect(conn) => {
                    self.network.send(Event::Connect(conn));
                }
                client::Act::Packet(conn, text) => {
                    let text = String::from_utf8(text).unwrap();
                    self.network.send_wire(Side::Server, conn, Wire::Text(text));
                }
                client::Act::HangUp(conn) => self.hang_up(Side::Client, Side::Server, conn),
            }
        }
    }

    /// The server learns that the client of a request is gone; which kind it was, it knows itself.
    fn abort(&mut self, req: Req) {
        self.network.send(Event::Gone { req, post: false });
        self.network.send(Event::Gone { req, post: true });
    }

    fn hang_up(&mut self, from: Side, to: Side, conn: Conn) {
        self.open.remove(&(from, conn));
        self.network.send_wire(to, conn, Wire::Closed);
    }

    fn send_message(&mut self, to: Side, conn: Conn, message: &Message) {
        let wire = match message.packet() {
            Packet::Binary(bytes) => Wire::Binary(bytes.into_owned()),
            packet => {
                let mut text = Vec::new();
                packet.write(&mut text);
                Wire::Text(String::from_utf8(text).unwrap())
            }
        };
        self.network.send_wire(to, conn, wire);
    }
}
