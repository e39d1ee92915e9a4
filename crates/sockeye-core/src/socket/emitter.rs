//! Emitting to one socket with options.

use std::time::Duration;

use sockeye_proto::{
    Group,
    outbox::{Offer, Pushed},
    socket::{Arguments, encode, is_reserved},
};

use super::{AckFuture, Emit, Socket, Waiter, emit};
use crate::{AckError, EmitError, Encoded, FromAck, IntoArgs, recovery::Sequencer, wire};

/// Emits to one socket, with options that hold for this value alone: two tasks never mix theirs.
///
/// Made by [`Socket::volatile`], [`Socket::compress`] and [`Socket::timeout`]; the order of the calls does not matter.
#[derive(Clone, Debug)]
#[must_use = "options do nothing until something is emitted"]
pub struct Emitter {
    pub(super) socket: Socket,
    volatile: bool,
    compress: bool,
    timeout: Option<Duration>,
}

impl Emitter {
    pub(super) const fn new(socket: Socket) -> Self {
        Self { socket, volatile: false, compress: true, timeout: None }
    }

    /// What is emitted is dropped when the transport cannot take it at once.
    pub const fn volatile(mut self) -> Self {
        self.volatile = true;
        self
    }

    /// Whether what is emitted may be compressed, by a transport that compresses.
    pub const fn compress(mut self, compress: bool) -> Self {
        self.compress = compress;
        self
    }

    /// How long [`emit_with_ack`](Self::emit_with_ack) waits for the answer.
    pub const fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// As [`Socket::emit`]. A volatile event that is dropped is no error.
    pub fn emit(&self, name: impl AsRef<str>, args: impl IntoArgs) -> Emit {
        match self.socket.0.namespace.sequencer() {
            None => self.queue(self.event(None, name, args)),
            Some(sequencer) => self.queue_numbered(sequencer, self.numbered(name, args)),
        }
    }

    /// As [`Socket::try_emit`].
    ///
    /// # Errors
    /// [`EmitError::Full`] when it was not queued, and the others of an emit.
    pub fn try_emit(&self, name: impl AsRef<str>, args: impl IntoArgs) -> Result<(), EmitError> {
        if let Some(sequencer) = self.socket.0.namespace.sequencer() {
            let offer = if self.volatile { Offer::Volatile } else { Offer::Try };
            return self.offer(sequencer, self.numbered(name, args)?, offer).map(drop);
        }
        let group = self.event(None, name, args)?;
        if self.volatile {
            return self.push_volatile(group).map(drop);
        }
        self.socket.try_push(group).map_err(emit::refused)
    }

    /// Emits the event `message`.
    pub fn send(&self, args: impl IntoArgs) -> Emit {
        self.emit("message", args)
    }

    /// Emits an event that was encoded before.
    pub fn emit_encoded(&self, event: &Encoded) -> Emit {
        let namespace = &self.socket.0.namespace;
        match namespace.sequencer() {
            None => self.queue(self.encoded(event, None)),
            Some(sequencer) => {
                let group = self
                    .socket
                    .checked(event.name())
                    .map(|()| event.numbered(namespace.name()).compress(self.compress));
                self.queue_numbered(sequencer, group)
            }
        }
    }

    /// As [`Socket::emit_with_ack`]. A volatile event that is dropped ends with [`EmitError::Full`].
    pub fn emit_with_ack<T: FromAck>(&self, name: impl AsRef<str>, args: impl IntoArgs) -> AckFuture<T> {
        self.ask(|id| self.event(Some(id), name, args)).unwrap_or_else(AckFuture::refused)
    }

    /// Emits an event that was encoded before, and reads the client's answer as
    /// [`emit_with_ack`](Self::emit_with_ack) does.
    pub fn emit_encoded_with_ack<T: FromAck>(&self, event: &Encoded) -> AckFuture<T> {
        self.ask(|id| self.encoded(event, Some(id))).unwrap_or_else(AckFuture::refused)
    }

    fn ask<T>(&self, encode: impl FnOnce(u64) -> Result<Group, EmitError>) -> Result<AckFuture<T>, AckError> {
        let namespace = &self.socket.0.namespace;
        let timeout = self.timeout.unwrap_or_else(|| namespace.config().ack_timeout);
        let id = namespace.next_ack();
        let group = encode(id)?;
        // Who asks waits before the question leaves: the answer may come before this returns.
        let (waiter, answer) = Waiter::one();
        self.socket.expect_ack(id, waiter)?;
        // From here on the entry is removed with the future.
        let asked = AckFuture::new(self.socket.clone(), id, answer, timeout);
        if self.volatile {
            if !self.push_volatile(group)? {
                return Err(EmitError::Full.into());
            }
        } else {
            self.socket.push(group).map_err(emit::refused)?;
        }
        Ok(asked)
    }

    fn event(
        &self,
        ack: Option<u64>,
        name: impl AsRef<str>,
        args: impl IntoArgs,
    ) -> Result<Group, EmitError> {
        Ok(self.socket.event(ack, name.as_ref(), args)?.compress(self.compress))
    }

    fn encoded(&self, event: &Encoded, ack: Option<u64>) -> Result<Group, EmitError> {
        self.socket.checked(event.name())?;
        Ok(event.group(self.socket.namespace_name(), ack).compress(self.compress))
    }

    /// With room for an offset.
    fn numbered(&self, name: impl AsRef<str>, args: impl IntoArgs) -> Result<Group, EmitError> {
        let name = name.as_ref();
        self.socket.checked(name)?;
        let group = wire::numbered(self.socket.namespace_name(), name, args)?;
        Ok(group.compress(self.compress))
    }

    fn queue(&self, group: Result<Group, EmitError>) -> Emit {
        if self.volatile {
            return Emit::done(group.and_then(|group| self.push_volatile(group)).map(drop));
        }
        self.socket.queue(group)
    }

    fn queue_numbered(&self, sequencer: &Sequencer, group: Result<Group, EmitError>) -> Emit {
        let offer = if self.volatile { Offer::Volatile } else { Offer::Push };
        let offered = group.and_then(|group| self.offer(sequencer, group, offer));
        match offered {
            Ok(None) => Emit::done(Ok(())),
            Ok(Some(_)) if self.volatile => Emit::done(Ok(())),
            Ok(Some(pushed)) => self.pushed(Ok(pushed)),
            Err(error) => self.pushed(Err(error)),
        }
    }

    fn pushed(&self, pushed: Result<Pushed, EmitError>) -> Emit {
        let send_timeout = self.socket.0.namespace.config().send_timeout;
        Emit::of(&self.socket.0.outbox, pushed, send_timeout)
    }

    /// `None`: volatile, and dropped.
    fn offer(&self, sequencer: &Sequencer, group: Group, offer: Offer) -> Result<Option<Pushed>, EmitError> {
        sequencer.emit(&self.socket, group, offer).map_err(emit::refused)
    }

    /// `false`: dropped.
    fn push_volatile(&self, group: Group) -> Result<bool, EmitError> {
        self.socket.push_volatile(group).map_err(emit::refused)
    }
}

/// What needs no options.
impl Socket {
    /// Emits arguments as they came; `None` where that takes more than copying them, or cannot be done.
    pub(super) fn forward(&self, name: &str, arguments: &Arguments) -> Option<Emit> {
        let namespace = &self.0.namespace;
        if namespace.sequencer().is_some() || is_reserved(name) || self.checked(name).is_err() {
            return None;
        }
        let group = encode::forward_event(namespace.name(), None, name, arguments)?;
        Some(self.queued(group))
    }

    /// Emits arguments that are to be written.
    pub(super) fn write(&self, name: &str, args: impl IntoArgs) -> Emit {
        if self.0.namespace.sequencer().is_some() {
            return self.emitter().emit(name, args);
        }
        // What is emitted most goes without a handle of its own.
        self.queue(self.event(None, name, args))
    }

    pub(super) fn event(
        &self,
        ack: Option<u64>,
        name: &str,
        args: impl IntoArgs,
    ) -> Result<Group, EmitError> {
        self.checked(name)?;
        wire::event(self.namespace_name(), ack, name, args)
    }

    pub(super) fn queue(&self, group: Result<Group, EmitError>) -> Emit {
        match group {
            Ok(group) => self.queued(group),
            Err(error) => Emit::done(Err(error)),
        }
    }

    #[inline]
    fn queued(&self, group: Group) -> Emit {
        let pushed = self.push(group).map_err(emit::refused);
        Emit::of(&self.0.outbox, pushed, self.0.namespace.config().send_timeout)
    }

    fn checked(&self, name: &str) -> Result<(), EmitError> {
        if !self.0.takes_events() {
            return Err(EmitError::Closed);
        }
        self.0.namespace.may_emit(name)
    }
}
