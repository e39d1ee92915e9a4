//! A client's half and a server's half, joined by two queues that deliver when the test says so.
#![expect(clippy::indexing_slicing, reason = "a test that meets the unexpected stops")]

use std::{
    collections::{BTreeMap, VecDeque},
    sync::Arc,
    time::{Duration, Instant},
};

use bytes::Bytes;
use proptest::prelude::*;
use serde_json::json;
use sockeye_proto::{
    Frame, Group, Part,
    engine::MessageRef,
    socket::{
        Incoming, Mux, MuxConfig, Slot,
        client::{self, Client},
        encode::{self, EventWriter},
    },
};

const SPACES: [&str; 3] = ["/", "/chat", "/admin?key=1"];

/// What a side holds of a namespace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Out,
    Asked,
    In,
}

struct Pair {
    now: Instant,
    client: Client,
    server: Mux,
    up: VecDeque<Frame>,
    down: VecDeque<Frame>,
    client_state: BTreeMap<&'static str, State>,
    slots: BTreeMap<&'static str, (Slot, State)>,
    /// Numbers sent and not yet arrived, by namespace and direction.
    sent_up: BTreeMap<&'static str, VecDeque<u32>>,
    sent_down: BTreeMap<&'static str, VecDeque<u32>>,
    /// Acks asked for: id to number.
    asked_up: BTreeMap<u64, u32>,
    asked_down: BTreeMap<u64, u32>,
    next: u32,
    connects: usize,
    disconnects: usize,
    delivered: usize,
}

fn known(namespace: &str) -> &'static str {
    SPACES.into_iter().find(|space| *space == namespace).expect("no other namespace is used")
}

fn message(frame: &Frame) -> MessageRef<'_> {
    if frame.is_binary() {
        MessageRef::Binary(frame.message())
    } else {
        MessageRef::Text(std::str::from_utf8(frame.message()).expect("text frames are UTF-8"))
    }
}

/// A frame of its own.
fn apart(part: Part<'_>) -> Frame {
    match std::str::from_utf8(part.message()) {
        Ok(text) if !part.is_binary() => Frame::text(text),
        _ => Frame::binary(part.message()),
    }
}

/// Arguments of every shape: a number, and bytes that tell it again unless it divides by three.
fn fill(mut writer: EventWriter, number: u32) -> Group {
    writer.arg(&number).expect("a number is JSON");
    if !number.is_multiple_of(3) {
        let bytes = Bytes::copy_from_slice(&number.to_be_bytes());
        writer.arg(&json!({"text": "é\u{1e}\""})).expect("a value is JSON");
        writer.arg(&vec![Some(bytes.clone()), None, Some(bytes)]).expect("bytes are lifted");
    }
    writer.finish()
}

fn number(arguments: &sockeye_proto::socket::Arguments) -> u32 {
    let (number, text, bytes): (u32, Option<serde_json::Value>, Option<Vec<Option<Bytes>>>) =
        arguments.deserialize_tuple().expect("the types that were sent");
    if !number.is_multiple_of(3) {
        let sent = Bytes::copy_from_slice(&number.to_be_bytes());
        assert_eq!(text, Some(json!({"text": "é\u{1e}\""})));
        assert_eq!(bytes, Some(vec![Some(sent.clone()), None, Some(sent)]));
    }
    number
}

impl Pair {
    fn new() -> Self {
        let now = Instant::now();
        let config = Arc::new(MuxConfig::default());
        Self {
            now,
            client: Client::new(Arc::clone(&config)),
            server: Mux::new(config, now),
            up: VecDeque::new(),
            down: VecDeque::new(),
            client_state: SPACES.into_iter().map(|space| (space, State::Out)).collect(),
            slots: BTreeMap::new(),
            sent_up: BTreeMap::new(),
            sent_down: BTreeMap::new(),
            asked_up: BTreeMap::new(),
            asked_down: BTreeMap::new(),
            next: 0,
            connects: 0,
            disconnects: 0,
            delivered: 0,
        }
    }

    fn send_up(&mut self, group: &Group) {
        self.up.extend(group.frames().map(apart));
    }

    fn send_down(&mut self, group: &Group) {
        self.down.extend(group.frames().map(apart));
    }

    fn number(&mut self) -> u32 {
        self.next += 1;
        self.next
    }

    fn act(&mut self, act: Act) {
        match act {
            Act::Connect(space) => self.connect(space),
            Act::ClientEmit(space, ack) => self.client_emit(space, ack),
            Act::ClientLeave(space) => self.client_leave(space),
            Act::Decide(space, yes) => self.decide(space, yes),
            Act::ServerEmit(space, ack) => self.server_emit(space, ack),
            Act::ServerLeave(space) => self.server_leave(space),
            Act::Up(count) => (0..count).for_each(|_| self.deliver_up()),
            Act::Down(count) => (0..count).for_each(|_| self.deliver_down()),
            Act::Pass(millis) => self.now += Duration::from_millis(millis),
        }
    }

    fn connect(&mut self, space: &'static str) {
        // A client that joins again while the server's own farewell is under way cannot tell what the farewell means.
        let quiet = self.up.is_empty() && self.down.is_empty();
        if self.client_state[space] == State::Out && quiet && !self.slots.contains_key(space) {
            self.client_state.insert(space, State::Asked);
            let connect = self.client.connect_with(space, &json!({"token": space}));
            self.send_up(&connect);
        }
    }

    fn client_emit(&mut self, space: &'static str, ack: bool) {
        if self.client_state[space] != State::In {
            return;
        }
        let number = self.number();
        let writer = if ack {
            let (id, writer) = self.client.event_with_ack(space, "up");
            self.asked_up.insert(id, number);
            writer
        } else {
            self.client.event(space, "up")
        };
        self.sent_up.entry(space).or_default().push_back(number);
        self.send_up(&fill(writer, number));
    }

    fn client_leave(&mut self, space: &'static str) {
        if self.client_state[space] == State::In {
            self.client_state.insert(space, State::Out);
            let leave = self.client.disconnect(space);
            self.send_up(&leave);
        }
    }

    fn decide(&mut self, space: &'static str, yes: bool) {
        let Some((slot, State::Asked)) = self.slots.get(space).copied() else { return };
        if yes {
            self.server.admitted(slot);
            self.slots.insert(space, (slot, State::In));
            self.send_down(&encode::connect(space, &json!({"sid": "id"})));
        } else {
            self.server.refused(slot);
            self.slots.remove(space);
            self.send_down(&encode::connect_error(space, &json!({"message": "no"})));
        }
    }

    fn server_emit(&mut self, space: &'static str, ack: bool) {
        let Some((_, State::In)) = self.slots.get(space) else { return };
        let number = self.number();
        let id = ack.then_some(u64::from(number));
        if let Some(id) = id {
            self.asked_down.insert(id, number);
        }
        self.sent_down.entry(space).or_default().push_back(number);
        self.send_down(&fill(EventWriter::event(space, id, "down"), number));
    }

    fn server_leave(&mut self, space: &'static str) {
        let Some((slot, State::In)) = self.slots.get(space).copied() else { return };
        self.server.left(slot);
        self.slots.remove(space);
        self.disconnects += 1;
        self.sent_up.remove(space);
        self.send_down(&encode::disconnect(space));
    }

    fn deliver_up(&mut self) {
        let Some(frame) = self.up.pop_front() else { return };
        let incoming =
            self.server.handle(message(&frame), self.now).expect("an honest client breaks no rule");
        let in_slot = |slots: &BTreeMap<&'static str, (Slot, State)>, slot: Slot| {
            slots
                .iter()
                .find(|(_, (other, _))| *other == slot)
                .map(|(space, _)| *space)
                .expect("a slot in use")
        };
        match incoming {
            None => {}
            Some(Incoming::Connect { slot, namespace, auth }) => {
                let space = known(namespace);
                assert_eq!(
                    serde_json::from_slice::<serde_json::Value>(&auth).expect("JSON"),
                    json!({"token": space})
                );
                assert!(self.slots.insert(space, (slot, State::Asked)).is_none());
                self.connects += 1;
                // What was sent to the socket that the server had left is lost.
                self.sent_up.remove(space);
            }
            Some(Incoming::Event { slot, ack, name, arguments }) => {
                assert_eq!(name, "up");
                let space = in_slot(&self.slots, slot);
                let found = number(&arguments);
                assert_eq!(
                    self.sent_up.get_mut(space).and_then(VecDeque::pop_front),
                    Some(found),
                    "in order"
                );
                self.delivered += 1;
                if let Some(id) = ack {
                    self.send_down(&fill(EventWriter::ack(space, id), found));
                }
            }
            Some(Incoming::Ack { id, arguments, .. }) => {
                assert_eq!(self.asked_down.remove(&id), Some(number(&arguments)), "answered once");
            }
            Some(Incoming::Disconnect { slot }) => {
                let space = in_slot(&self.slots, slot);
                assert!(
                    self.sent_up.get(space).is_none_or(VecDeque::is_empty),
                    "events before it have arrived"
                );
                self.slots.remove(space);
                self.disconnects += 1;
            }
        }
    }

    fn deliver_down(&mut self) {
        let Some(frame) = self.down.pop_front() else { return };
        let incoming = self.client.handle(message(&frame), self.now).expect("the server breaks no rule");
        let mut answer = None;
        match incoming {
            None => {}
            Some(client::Incoming::Connect { namespace, .. }) => {
                assert_eq!(self.client_state.insert(known(namespace), State::In), Some(State::Asked));
            }
            Some(client::Incoming::ConnectError { namespace, payload }) => {
                assert_eq!(payload.as_slice(), br#"{"message":"no"}"#);
                assert_eq!(self.client_state.insert(known(namespace), State::Out), Some(State::Asked));
                self.connects -= 1;
            }
            Some(client::Incoming::Disconnect { namespace }) => {
                self.client_state.insert(known(namespace), State::Out);
            }
            Some(client::Incoming::Event { namespace, ack, name, arguments }) => {
                assert_eq!(name, "down");
                let (space, found) = (known(&namespace), number(&arguments));
                assert_eq!(
                    self.sent_down.get_mut(space).and_then(VecDeque::pop_front),
                    Some(found),
                    "in order"
                );
                self.delivered += 1;
                if let Some(id) = ack.filter(|_| self.client_state[space] == State::In) {
                    answer = Some(fill(self.client.ack(space, id), found));
                }
            }
            Some(client::Incoming::Ack { id, arguments, .. }) => {
                assert_eq!(self.asked_up.remove(&id), Some(number(&arguments)), "answered once");
            }
        }
        if let Some(answer) = answer {
            self.send_up(&answer);
        }
    }

    /// Delivers everything, decides what is pending, and checks that nothing is left over.
    fn settle(&mut self) {
        while !(self.up.is_empty()
            && self.down.is_empty()
            && self.slots.values().all(|(_, s)| *s == State::In))
        {
            (0..1000).for_each(|_| self.deliver_up());
            SPACES.into_iter().for_each(|space| self.decide(space, true));
            (0..1000).for_each(|_| self.deliver_down());
        }
        assert_eq!((self.server.buffered(), self.client.buffered()), (0, 0));
        for (space, state) in &self.client_state {
            let server = self.slots.get(space).map_or(State::Out, |(_, state)| *state);
            assert_eq!(*state, server, "{space}: both sides agree");
        }
        assert_eq!(self.connects, self.disconnects + self.slots.len());
        assert!(self.sent_down.values().all(VecDeque::is_empty), "all that the server sent has arrived");
    }
}

#[derive(Clone, Copy, Debug)]
enum Act {
    Connect(&'static str),
    ClientEmit(&'static str, bool),
    ClientLeave(&'static str),
    Decide(&'static str, bool),
    ServerEmit(&'static str, bool),
    ServerLeave(&'static str),
    Up(usize),
    Down(usize),
    Pass(u64),
}

fn act() -> impl Strategy<Value = Act> {
    let space = prop::sample::select(SPACES.as_slice());
    prop_oneof![
        3 => space.clone().prop_map(Act::Connect),
        6 => (space.clone(), any::<bool>()).prop_map(|(space, ack)| Act::ClientEmit(space, ack)),
        1 => space.clone().prop_map(Act::ClientLeave),
        4 => (space.clone(), prop::bool::weighted(0.8)).prop_map(|(space, yes)| Act::Decide(space, yes)),
        6 => (space.clone(), any::<bool>()).prop_map(|(space, ack)| Act::ServerEmit(space, ack)),
        1 => space.prop_map(Act::ServerLeave),
        6 => (1..6_usize).prop_map(Act::Up),
        6 => (1..6_usize).prop_map(Act::Down),
        1 => (1..5_000_u64).prop_map(Act::Pass),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1024, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_is_lost_doubled_or_out_of_order(acts in prop::collection::vec(act(), 0..120)) {
        let mut pair = Pair::new();
        for act in acts {
            pair.act(act);
        }
        pair.settle();
    }
}

#[test]
fn a_conversation() {
    let mut pair = Pair::new();
    for space in SPACES {
        pair.act(Act::Connect(space));
        pair.settle();
    }
    for _ in 0..50 {
        for space in SPACES {
            pair.act(Act::ClientEmit(space, true));
            pair.act(Act::ServerEmit(space, true));
        }
    }
    pair.settle();
    assert_eq!((pair.delivered, pair.asked_up.len(), pair.asked_down.len()), (300, 0, 0));
    pair.act(Act::ServerLeave("/"));
    pair.act(Act::ClientEmit("/", true));
    pair.act(Act::ClientLeave("/chat"));
    pair.settle();
    assert_eq!((pair.slots.len(), pair.disconnects), (1, 2));
    pair.act(Act::Connect("/"));
    pair.settle();
    assert_eq!(pair.client_state["/"], State::In);
}
