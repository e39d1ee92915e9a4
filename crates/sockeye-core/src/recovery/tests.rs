//! A recovered session has no hole: any order of events, rooms, losses and returns, against a model that knows everything.

use std::sync::Arc;

use http::Extensions;
use proptest::prelude::*;
use sockeye_proto::{Id, engine::CloseReason};

use super::{Budget, Claim, Recovery, Sequencer};
use crate::{DisconnectReason, Room, Scope, Socket, testing::World, wire};

/// What happens, one step after the other. Two emitters take turns in any order; the client may be killed at each step,
/// and then has seen any part of what was on its way.
#[derive(Clone, Debug)]
enum Step {
    /// Emitter number so-and-so to a room, or to everybody, with or without an exception.
    Broadcast(u8, Option<u8>, Option<u8>),
    Direct(u8),
    Volatile,
    Join(u8),
    Leave(u8),
    /// The connection is lost; of what had not been seen so much has arrived.
    Kill(prop::sample::Index),
    Return,
    /// The log loses its oldest.
    Drop,
}

fn step() -> impl Strategy<Value = Step> {
    let room = || prop::option::of(0..3_u8);
    prop_oneof![
        6 => (0..2_u8, room(), room()).prop_map(|(by, to, except)| Step::Broadcast(by, to, except)),
        3 => (0..2_u8).prop_map(Step::Direct),
        1 => Just(Step::Volatile),
        2 => (0..3_u8).prop_map(Step::Join),
        2 => (0..3_u8).prop_map(Step::Leave),
        3 => any::<prop::sample::Index>().prop_map(Step::Kill),
        3 => Just(Step::Return),
        1 => Just(Step::Drop),
    ]
}

fn room(number: u8) -> Room {
    format!("room {number}").into()
}

/// The server's side, the client, and what the client should have by now.
struct Model {
    world: World,
    sequencer: Arc<Sequencer>,
    socket: Socket,
    pid: Id,
    here: bool,
    rooms: Vec<Room>,
    /// Every recoverable event that was for the client since its session began.
    owed: Vec<String>,
    /// What has arrived of it.
    seen: Vec<String>,
    offset: Option<String>,
    number: u64,
}

impl Model {
    fn new() -> Self {
        let settings = Recovery::default();
        let sequencer = Sequencer::new(settings.clone(), 7, Budget::new(&settings));
        let world = World::sequenced(&sequencer);
        let socket = world.socket();
        let mut model = Self {
            pid: socket.id(),
            here: true,
            rooms: vec![socket.id().into()],
            owed: Vec::new(),
            seen: Vec::new(),
            offset: None,
            number: 0,
            world,
            sequencer,
            socket,
        };
        model.begin(1);
        model
    }

    fn begin(&mut self, secret: u8) {
        self.pid = Id::from_random([secret; 15]);
        self.sequencer.lock().joined(&self.socket, self.pid);
        self.rooms = vec![self.socket.id().into()];
        (self.owed, self.seen) = (Vec::new(), Vec::new());
    }

    fn broadcast(&mut self, by: u8, to: Option<u8>, except: Option<u8>) {
        self.number += 1;
        let mut scope = Scope::all("/");
        scope.rooms.extend(to.map(room));
        scope.except.extend(except.map(room));
        let is_in = |list: &[Room]| list.iter().any(|room| self.rooms.contains(room));
        if (scope.rooms.is_empty() || is_in(&scope.rooms)) && !is_in(&scope.except) {
            self.owed.push(format!("{by}-{}", self.number));
        }
        let group = wire::numbered("/", &format!("{by}-{}", self.number), ()).unwrap();
        self.sequencer.broadcast(&*self.world.rooms, &Arc::new(scope), group, crate::Delivery::default());
    }

    fn change(&mut self, room: &Room, joined: bool) {
        let is_in = self.rooms.contains(room);
        if !self.here || is_in == joined {
            return;
        }
        let mut order = self.sequencer.lock();
        if joined {
            self.rooms.push(room.clone());
            crate::Local::join(&*self.world.rooms, &self.socket, std::slice::from_ref(room)).unwrap();
        } else {
            self.rooms.retain(|known| known != room);
            crate::Local::leave(&*self.world.rooms, &self.socket, std::slice::from_ref(room)).unwrap();
        }
        order.changed(&self.socket, room, joined);
    }

    /// Reads what has arrived: all of it, or as much as the loss has let through.
    fn read(&mut self, part: Option<prop::sample::Index>) {
        let arrived = crate::testing::sent(&self.socket);
        let whole = part.map_or(arrived.len(), |part| part.index(arrived.len() + 1));
        for packet in arrived.iter().take(whole) {
            let event: Vec<String> = serde_json::from_str(&packet[1..]).unwrap();
            let [name, offset] = event.as_slice() else { panic!("no offset: {packet}") };
            self.offset = Some(offset.clone());
            if name != "volatile" {
                self.seen.push(name.clone());
            }
        }
    }

    fn kill(&mut self, part: prop::sample::Index) {
        if self.here {
            self.read(Some(part));
            self.vanish();
        }
    }

    fn vanish(&mut self) {
        self.here = false;
        let rooms = {
            let mut order = self.sequencer.lock();
            let rooms = self.world.rooms.remove(&self.socket);
            order.leave(&self.socket, &rooms, DisconnectReason::Session(CloseReason::TransportClose));
            rooms
        };
        self.socket.left(DisconnectReason::Session(CloseReason::TransportClose), rooms);
        self.sequencer.left(&self.socket, None);
    }

    fn come_back(&mut self) {
        if self.here {
            return;
        }
        self.here = true;
        let Claim::Granted(mut restoring) = self.sequencer.claim(self.pid) else { panic!("it is away") };
        let away = restoring.away().unwrap();
        let search = self.sequencer.search(away, self.offset.as_deref());
        if search.is_some() && self.number.is_multiple_of(2) {
            // Others emit meanwhile.
            self.number += 1;
            let name = format!("0-{}", self.number);
            self.owed.push(name.clone());
            let (group, scope) = (wire::numbered("/", &name, ()).unwrap(), Arc::new(Scope::all("/")));
            self.sequencer.broadcast(&*self.world.rooms, &scope, group, crate::Delivery::default());
        }
        let mut order = self.sequencer.lock();
        match search.and_then(|search| order.missed(away, search)) {
            Some(missed) => {
                self.socket = self.world.joining().renamed(away.id());
                let rooms = away.rooms().to_vec();
                for group in missed.groups {
                    self.socket.outbox().push(group).unwrap();
                }
                assert!(self.socket.joined(Extensions::new()));
                assert!(order.resumed(&self.socket, &mut restoring, missed.last));
                self.world.rooms.add(&self.socket, rooms);
                drop(order);
                assert!(self.socket.recovered());
                self.read(None);
                assert_eq!(self.seen, self.owed, "a recovered session has exactly what it is owed, in order");
            }
            None => {
                drop(order);
                restoring.forget();
                self.socket = self.world.socket();
                assert!(!self.socket.recovered());
                self.begin(self.number as u8 ^ 0x80);
            }
        }
    }
}

proptest! {
    #[test]
    fn a_recovered_session_has_no_hole_and_nothing_twice(
        steps in prop::collection::vec(step(), 1..60),
        last in any::<prop::sample::Index>(),
    ) {
        let mut model = Model::new();
        for step in steps {
            match step {
                Step::Broadcast(by, to, except) => model.broadcast(by, to, except),
                Step::Direct(by) if model.here => {
                    model.number += 1;
                    model.owed.push(format!("{by}-{}", model.number));
                    drop(model.socket.emit(format!("{by}-{}", model.number), ()));
                }
                Step::Volatile if model.here => {
                    model.socket.outbox().set_writable(true);
                    drop(model.socket.volatile().emit("volatile", ()));
                }
                Step::Direct(_) | Step::Volatile => {}
                Step::Join(number) => model.change(&room(number), true),
                Step::Leave(number) => model.change(&room(number), false),
                Step::Kill(part) => model.kill(part),
                Step::Return => model.come_back(),
                Step::Drop => {
                    let mut once = std::iter::once(());
                    let once = std::cell::RefCell::new(&mut once);
                    model.sequencer.drop_oldest(|| once.borrow_mut().next().is_some());
                    // The session may be what was oldest.
                    if !model.here && matches!(model.sequencer.claim(model.pid), Claim::Denied) {
                        model.here = true;
                        model.socket = model.world.socket();
                        model.begin(model.number as u8 ^ 0x40);
                    }
                }
            }
        }
        model.kill(last);
        model.come_back();
    }
}

/// Who comes back must not keep all others from their events while a long log is looked through.
#[test]
fn a_long_log_is_looked_through_piece_by_piece() {
    for (events, seen) in [(0, 0), (511, 7), (512, 0), (513, 512), (5_000, 1_000), (5_000, 5_000)] {
        let mut model = Model::new();
        for _ in 0..seen {
            model.broadcast(0, None, None);
        }
        model.read(None);
        model.vanish();
        for number in seen..events {
            model.broadcast(0, if number % 3 == 0 { Some(1) } else { None }, None);
        }
        model.come_back();
        assert!(model.socket.recovered(), "{events}, {seen}");
    }
}

/// A panic in a value of the application must not leave something behind that nobody ever takes away.
#[test]
fn a_session_whose_locals_panic_when_they_are_cloned_is_gone() {
    struct Bomb;

    impl Clone for Bomb {
        fn clone(&self) -> Self {
            panic!("when it is cloned")
        }
    }

    let settings = Recovery::default().trust_session();
    let sequencer = Sequencer::new(settings.clone(), 7, Budget::new(&settings));
    let world = World::sequenced(&sequencer);
    let socket = world.joining();
    let mut locals = Extensions::new();
    locals.insert(Bomb);
    assert!(socket.joined(locals));
    let pid = Id::from_random([1; 15]);
    sequencer.lock().joined(&socket, pid);
    let reason = DisconnectReason::Session(CloseReason::TransportClose);
    sequencer.lock().leave(&socket, &[], reason);
    sequencer.left(&socket, None);
    assert!(matches!(sequencer.claim(pid), Claim::Denied));
}
