//! The client's side: the machine, what waits to be sent, and what it told.

use std::{
    collections::{HashSet, VecDeque},
    time::Instant,
};

use sockeye_proto::engine::{
    CloseReason, Conn, MessageRef, Packet, Req,
    client::{Body, Sink, Terms},
};

use super::plan::{Message, number};

/// What the client told and the network has yet to carry.
#[derive(Default)]
pub(super) struct Told {
    pub(super) outbox: VecDeque<Message>,
    pub(super) acts: VecDeque<Act>,
    pub(super) writable: Option<Conn>,
    /// The POSTs among the requests.
    pub(super) posts: HashSet<Req>,
    /// A POST found no session.
    pub(super) post_refused: bool,
    pub(super) received: Vec<u32>,
    pub(super) sent: u32,
    pub(super) upgraded: bool,
    pub(super) closed: Option<CloseReason>,
    pub(super) closed_at: Option<Instant>,
}

pub(super) enum Act {
    Get(Req),
    Post(Req, Vec<Vec<u8>>),
    Abort(Req),
    Connect(Conn),
    Packet(Conn, Vec<u8>),
    HangUp(Conn),
}

impl Told {
    /// Queues the next message.
    pub(super) fn emit(&mut self) {
        self.outbox.push_back(Message::new(self.sent));
        self.sent += 1;
    }
}

impl Sink for Told {
    fn opened(&mut self, _: &Terms) {}

    fn message(&mut self, message: MessageRef<'_>) {
        self.received.push(number(message));
    }

    fn get(&mut self, req: Req) {
        self.acts.push_back(Act::Get(req));
    }

    fn post(&mut self, req: Req, body: Body<'_>) {
        self.posts.insert(req);
        let mut packets: Vec<_> = body.controls.iter().map(text).collect();
        let mut size = packets.iter().map(|packet| packet.len() + 1).sum::<usize>();
        while let Some(packet) = self.outbox.front().map(|message| text(&message.packet())) {
            size += packet.len() + 1;
            if size > body.frames && !packets.is_empty() {
                break;
            }
            packets.push(packet);
            self.outbox.pop_front();
        }
        if body.close && self.outbox.is_empty() {
            packets.push(b"1".to_vec());
        }
        assert!(!packets.is_empty(), "a POST without a packet");
        self.acts.push_back(Act::Post(req, packets));
    }

    fn abort(&mut self, req: Req) {
        self.acts.push_back(Act::Abort(req));
    }

    fn connect(&mut self, conn: Conn) {
        self.acts.push_back(Act::Connect(conn));
    }

    fn packet(&mut self, conn: Conn, packet: &Packet<'_>) {
        self.acts.push_back(Act::Packet(conn, text(packet)));
    }

    fn writable(&mut self, conn: Option<Conn>) {
        self.writable = conn;
    }

    fn hang_up(&mut self, conn: Conn) {
        self.acts.push_back(Act::HangUp(conn));
    }

    fn outgoing(&self) -> bool {
        !self.outbox.is_empty()
    }

    fn upgraded(&mut self) {
        self.upgraded = true;
    }

    fn closed(&mut self, reason: CloseReason) {
        assert_eq!(self.closed, None);
        self.closed = Some(reason);
    }
}

fn text(packet: &Packet<'_>) -> Vec<u8> {
    let mut text = Vec::new();
    packet.write(&mut text);
    text
}
