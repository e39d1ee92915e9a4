//! The hooks of a lane: what happens to a socket beside its events, told to handlers one after the other.

use std::{
    sync::Arc,
    task::{Context, Poll},
};

use futures_util::FutureExt as _;
use sockeye_core::{Arguments, Event, Id};

use super::{Lane, Turn, stage::Handler};
use crate::{catch::Caught, hooks::Happened, rooms::Rooms};

/// The hook that runs, and what waits behind it. Only sockets of namespaces with hooks have one.
pub(super) struct LaneHooks {
    socket: Id,
    rooms: Arc<Rooms>,
    running: Option<(Caught<Handler>, &'static str)>,
}

impl LaneHooks {
    /// For a socket that is about to join.
    pub(super) fn new(socket: Id, rooms: &Arc<Rooms>) -> Option<Box<Self>> {
        rooms.hooks().is_wanted().then(|| Box::new(Self { socket, rooms: rooms.clone(), running: None }))
    }

    fn waiting(&self) -> usize {
        self.rooms.hooks().waiting(self.socket)
    }
}

impl Drop for LaneHooks {
    fn drop(&mut self) {
        self.rooms.hooks().forget(self.socket);
    }
}

impl Lane {
    /// Its session has moved to a websocket.
    pub(in crate::connection) fn upgraded(&self) {
        self.socket.context().observers().tell(|observer| observer.transport_changed(&self.socket));
        // The session's task is what runs this, and polls it afterwards.
        let _ = self.site.rooms.hooks().push(self.id(), Happened::Upgraded);
    }

    /// Runs the hook under way and those behind it.
    pub(super) fn poll_hooks(&mut self, cx: &mut Context<'_>, turn: &mut Turn<'_>) {
        loop {
            let Some(hooks) = &mut self.hooks else { return };
            if let Some((handler, name)) = &mut hooks.running {
                let Poll::Ready(reply) = handler.poll_unpin(cx) else { return };
                let name = *name;
                hooks.running = None;
                self.report(name, &reply);
                continue;
            }
            if turn.starts == 0 {
                return;
            }
            let Some(happened) = hooks.rooms.hooks().pop(hooks.socket) else { return };
            turn.starts -= 1;
            self.start_hook(happened);
        }
    }

    /// How many hooks have not ended.
    pub(super) fn hooks_left(&self) -> usize {
        self.hooks.as_ref().map_or(0, |hooks| usize::from(hooks.running.is_some()) + hooks.waiting())
    }

    /// Drops what runs and what waits.
    pub(super) fn cut_hooks(&mut self) {
        let cut = self.hooks.take().is_some_and(|hooks| hooks.running.is_some());
        self.site.report_cut(usize::from(cut));
    }

    fn start_hook(&mut self, happened: Happened) {
        let (Some(route), name) = self.site.table.hooks.of(&happened) else { return };
        // Number 0: it is none of the client's events, and none of them waits for it to enter.
        let mut event = Event::new(self.socket.clone(), name, 0, None, Arguments::default());
        match happened {
            Happened::Created(room)
            | Happened::Joined(room)
            | Happened::Left(room)
            | Happened::Deleted(room) => drop(event.extensions_mut().insert(room)),
            Happened::Upgraded => {}
        }
        let handler = Caught::build(|| route.answer(event));
        if let Some(hooks) = &mut self.hooks {
            hooks.running = Some((handler, name));
        }
    }
}
