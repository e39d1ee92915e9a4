//! What a client tells its driver.

use crate::engine::{CloseReason, Conn, MessageRef, Packet, Req, client::Terms};

/// Carries out what a [`Client`](super::Client) decides, in the order it is told.
pub trait Sink {
    /// The session is open. From now on requests and websockets name its `sid`.
    fn opened(&mut self, terms: &Terms);

    /// A message came from the server.
    fn message(&mut self, message: MessageRef<'_>);

    /// Sends a GET.
    fn get(&mut self, req: Req);

    /// Sends a POST.
    fn post(&mut self, req: Req, body: Body<'_>);

    /// Gives up a request.
    fn abort(&mut self, req: Req);

    /// Opens a websocket.
    fn connect(&mut self, conn: Conn);

    /// Writes a packet on that websocket, ahead of the outbox.
    fn packet(&mut self, conn: Conn, packet: &Packet<'_>);

    /// Says which websocket may take from the outbox from now on.
    fn writable(&mut self, conn: Option<Conn>);

    /// Closes that websocket, behind what was told to [`packet`](Self::packet).
    fn hang_up(&mut self, conn: Conn);

    /// Whether something waits in the outbox at this moment.
    fn outgoing(&self) -> bool;

    /// The session travels by websocket from now on.
    fn upgraded(&mut self) {}

    /// It is over. Told exactly once, and last.
    fn closed(&mut self, reason: CloseReason);
}

/// The body of a POST.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Body<'a> {
    /// These packets first.
    pub controls: &'a [Packet<'a>],
    /// Then packets from the outbox while the whole stays within this many bytes; a first one may exceed it.
    pub frames: usize,
    /// Then the close packet, `1`, provided that nothing is left in the outbox now.
    pub close: bool,
}
