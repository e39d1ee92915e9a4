//! A socket that goes on where an earlier one of its client has ended.

use std::{collections::BTreeMap, mem, sync::Arc, time::Duration};

use futures_util::FutureExt as _;
use http::Extensions;
use serde_json::value::RawValue;
use sockeye_core::{
    DisconnectReason, Group, Id, Local as _, Payload, Room, Socket,
    recovery::{Claim, Restoring, Sequencer},
};
use sockeye_proto::{
    outbox::{Offer, PushError},
    socket::{Slot, encode},
};

use super::{Join, Joined, Lane, asking, hooks::LaneHooks, span_of, stage::Stage};
use crate::{catch::catch, connection::random_id, sites::Seat};

/// What a client shows to go on with a session.
pub(in crate::connection) struct Shown {
    pid: Id,
    offset: Offset,
}

/// The last event that the client has seen, by its own account.
#[derive(Debug, PartialEq, Eq)]
enum Offset {
    Missing,
    Text(Box<str>),
    /// No text at all: nothing that a server of ours has sent.
    Nonsense,
}

/// The session that a lane's socket goes on with, until it has joined.
pub(super) struct Restore {
    offset: Offset,
    restoring: Option<Restoring>,
}

impl Shown {
    /// What `auth`, which is the text of an object, shows, and what is left of it for the application.
    pub(in crate::connection) fn read(auth: Payload) -> (Option<Self>, Payload) {
        match Self::split(&auth) {
            Some((shown, rest)) => (Some(shown), rest),
            None => (None, auth),
        }
    }

    fn split(auth: &Payload) -> Option<(Self, Payload)> {
        let mut members: BTreeMap<String, Box<RawValue>> = serde_json::from_slice(auth).ok()?;
        let pid: String = serde_json::from_str(members.get("pid")?.get()).ok()?;
        let pid = Id::parse(&pid)?;
        members.remove("pid");
        let offset = match members.get("offset").map(|offset| serde_json::from_str::<Box<str>>(offset.get()))
        {
            None => Offset::Missing,
            Some(Ok(text)) => {
                members.remove("offset");
                Offset::Text(text)
            }
            // An application may have an offset of its own in there, and its number stays where it is.
            Some(Err(_)) => Offset::Nonsense,
        };
        let rest = serde_json::to_vec(&members).ok()?;
        Some((Self { pid, offset }, Payload::copy_from(&rest)))
    }
}

impl Lane {
    /// A socket whose client wishes to go on with a session.
    pub(in crate::connection) fn claiming(
        slot: Slot,
        socket: Socket,
        site: Seat,
        Shown { pid, offset }: Shown,
        admit_timeout: Duration,
    ) -> Self {
        let claim = match (socket.context().sequencer(), &offset) {
            (Some(_), Offset::Nonsense) | (None, _) => Claim::Denied,
            (Some(sequencer), _) => sequencer.claim(pid),
        };
        let claiming = match claim {
            Claim::Denied => return Self::new(slot, socket, site, admit_timeout),
            Claim::Granted(restoring) => std::future::ready(Some(restoring)).boxed(),
            Claim::Later(comes, open) => {
                let old = open.and_then(|id| site.rooms.socket(id));
                if let Some(old) = old {
                    old.supersede();
                }
                let comes = tokio::time::timeout(admit_timeout, comes);
                comes.map(|came| came.ok()?.ok()).boxed()
            }
        };
        let mut lane = Self::with_stage(slot, socket, site, Stage::Claiming(claiming));
        lane.restore = Some(Box::new(Restore { offset, restoring: None }));
        lane
    }

    /// The session is its own, or was never to be had.
    pub(super) fn claimed(&mut self, restoring: Option<Restoring>, admit_timeout: Duration) {
        let session = restoring.as_ref().and_then(Restoring::away);
        let Some((id, rooms, data)) =
            session.map(|away| (away.id(), away.rooms().to_vec(), away.data().cloned()))
        else {
            self.restore = None;
            self.stage = asking(&self.site, &self.socket, admit_timeout);
            return;
        };
        self.socket = self.socket.renamed(id);
        self.socket.restore_data(data);
        self.span = span_of(&self.socket);
        let trusts = self.socket.context().sequencer().is_some_and(|sequencer| sequencer.trusts_sessions());
        self.stage = if trusts { Stage::Welcome } else { asking(&self.site, &self.socket, admit_timeout) };
        self.site.rooms.expect(&self.socket);
        let rooms: Vec<Room> = rooms.into_iter().filter(|room| room.as_id() != Some(id)).collect();
        // They were within the bounds before.
        let _ = self.site.rooms.join(&self.socket, &rooms);
        if let Some(restore) = &mut self.restore {
            restore.restoring = restoring;
        }
    }

    /// What an admission has left that needs not be asked again; nothing for anybody else.
    pub(super) fn trusted(&self) -> Extensions {
        let away = self.restore.as_ref().and_then(|restore| restore.restoring.as_ref()?.away());
        // Cloning values is the application's code.
        away.and_then(|away| catch(|| away.locals().clone()).ok()).unwrap_or_default()
    }

    /// Joins where events have an order: nothing that is emitted meanwhile is missed or comes twice.
    pub(super) fn join_in_order(&mut self, sequencer: &Arc<Sequencer>, locals: Extensions) -> Join {
        let restored = self.restore.as_ref().and_then(|restore| restore.restoring.as_ref()?.away());
        if restored.is_some_and(|away| !sequencer.trusts_sessions() && !away.belongs_to(&locals)) {
            return Join::Anew;
        }
        let Some(pid) = restored.map_or_else(random_id, |away| Some(away.pid())) else { return Join::Late };
        let name = self.site.name().clone();
        let answer = encode::connect(&name, &Joined { sid: self.socket.id(), pid: Some(pid) });
        let offset = self.restore.as_ref().and_then(|restore| restore.offset.text());
        let search = restored.and_then(|away| sequencer.search(away, offset));
        if restored.is_some() && search.is_none() {
            self.forget_session();
            return Join::Anew;
        }
        let mut order = sequencer.lock();
        let Restored { group, offer, last, new_rooms, without_own } = match (search, restored) {
            (Some(search), Some(away)) => {
                let Some(missed) = order.missed(away, search) else {
                    drop(order);
                    self.forget_session();
                    return Join::Anew;
                };
                let is_own = |room: &Room| room.as_id() == Some(away.id());
                let chosen = self.site.rooms.rooms_of(&self.socket);
                let joined = chosen.iter().filter(|room| !away.rooms().contains(room));
                let left = away.rooms().iter().filter(|room| !chosen.contains(room) && !is_own(room));
                let changes = joined.map(|room| (room.clone(), true));
                Restored {
                    last: missed.last,
                    group: Group::joined(missed.groups.into_iter().chain([answer.clone()])).unwrap_or(answer),
                    offer: Offer::Try,
                    new_rooms: changes.chain(left.map(|room| (room.clone(), false))).collect(),
                    without_own: !away.rooms().iter().any(is_own),
                }
            }
            _ => Restored {
                group: answer,
                offer: Offer::Push,
                last: 0,
                new_rooms: Vec::new(),
                without_own: false,
            },
        };
        // The reply first: whatever is emitted to it as a member must come behind.
        let (queued, wake) = self.socket.outbox().offer(group, offer);
        if let Err(refused) = queued {
            // Nobody is woken under the lock.
            drop((order, wake));
            return if refused == PushError::Full { Join::Anew } else { Join::Late };
        }
        if !self.socket.joined(locals) {
            drop((order, wake));
            self.forget_session();
            let _ = self.socket.outbox().push(encode::disconnect(&name));
            return Join::Late;
        }
        match self.restore.as_mut().and_then(|restore| restore.restoring.as_mut()) {
            None => order.joined(&self.socket, pid),
            Some(restoring) => {
                order.resumed(&self.socket, restoring, last);
            }
        }
        for (room, joined) in &new_rooms {
            order.changed(&self.socket, room, *joined);
        }
        self.hooks = LaneHooks::new(self.socket.id(), &self.site.rooms);
        self.site.rooms.insert(&self.socket, without_own, Some(order));
        drop(wake);
        self.restore = None;
        self.welcome();
        Join::Done
    }

    /// It cannot go on where it was, so it begins as if it had not asked.
    pub(in crate::connection) fn start_over(&mut self, admit_timeout: Duration) {
        let Some(id) = random_id() else { return self.stage = Stage::Parted };
        let fresh = self.socket.renamed(id);
        let old = mem::replace(&mut self.socket, fresh);
        let rooms = self.site.rooms.remove(&old, |_| {});
        // Whoever has kept its handle sees that nothing will come of it.
        old.left(DisconnectReason::Server, rooms);
        // Drops values of the application.
        let _ = catch(|| old.forget());
        // Only now, for with it the name of the old socket may be another's.
        self.restore = None;
        self.span = span_of(&self.socket);
        self.stage = asking(&self.site, &self.socket, admit_timeout);
    }

    /// Takes the socket out of its rooms; where events have an order, in one step with what its session needs.
    pub(super) fn leave_rooms(&self, reason: DisconnectReason) -> Vec<Room> {
        let Some(sequencer) = self.socket.context().sequencer() else {
            return self.site.rooms.remove(&self.socket, |_| {});
        };
        let mut order = sequencer.lock();
        self.site.rooms.remove(&self.socket, move |rooms| order.leave(&self.socket, rooms, reason))
    }

    /// Its disconnect handler is done, so its client may come back.
    pub(super) fn parted(&mut self) -> Stage {
        // They are known by the name of the socket, which may be another's from now on.
        self.hooks = None;
        if let Some(sequencer) = self.socket.context().sequencer() {
            // Cloning values is the application's code.
            let _ = catch(|| sequencer.left(&self.socket, self.socket.data_json()));
        }
        Stage::Parted
    }

    /// The session is gone for good.
    fn forget_session(&mut self) {
        if let Some(restoring) = self.restore.as_mut().and_then(|restore| restore.restoring.take()) {
            restoring.forget();
        }
    }
}

/// What a socket is sent when it joins, and what else is new of it.
struct Restored {
    group: Group,
    offer: Offer,
    last: u64,
    new_rooms: Vec<(Room, bool)>,
    without_own: bool,
}

impl Offset {
    fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Missing | Self::Nonsense => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(auth: &str) -> (Option<(String, Offset)>, String) {
        let (shown, rest) = Shown::read(Payload::copy_from(auth.as_bytes()));
        let rest = String::from_utf8(rest.as_slice().to_vec()).unwrap();
        (shown.map(|shown| (shown.pid.to_string(), shown.offset)), rest)
    }

    #[test]
    fn the_secret_is_taken_out_of_what_the_application_sees() {
        let pid = "AAAAAAAAAAAAAAAAAAAA";
        let text = |text: &str| Offset::Text(text.into());
        for (auth, offset, rest) in [
            (r#"{"pid":"AAAAAAAAAAAAAAAAAAAA"}"#, Offset::Missing, "{}"),
            (r#"{"pid":"AAAAAAAAAAAAAAAAAAAA","offset":"x","token":1e400}"#, text("x"), r#"{"token":1e400}"#),
            (r#"{"pid":"AAAAAAAAAAAAAAAAAAAA","offset":5}"#, Offset::Nonsense, r#"{"offset":5}"#),
        ] {
            assert_eq!(read(auth), (Some((pid.into(), offset)), rest.into()), "{auth}");
        }
        for auth in ["{}", r#"{"pid":5,"offset":"x"}"#, r#"{"pid":"no secret of ours"}"#, r#"{"offset":"x"}"#]
        {
            assert_eq!(read(auth), (None, auth.into()));
        }
    }
}
