//! What others have left in the inbox.

use std::sync::Arc;

use sockeye_proto::engine::Input;

use crate::{
    Handler,
    driver::{Driver, budget::Budget, core::Turn, socket::Socket},
    inbox::Command,
};

impl<H: Handler> Driver<H> {
    pub(super) fn take_commands(&mut self, budget: &mut Budget, turn: &mut Turn<'_, '_>) {
        while !self.core.is_closed()
            && !budget.is_spent()
            && let Some(command) = self.core.session().next_command()
        {
            budget.spend();
            self.command(command, turn);
        }
    }

    /// One more, after all of those.
    pub(super) fn told(&mut self, command: Command, budget: &mut Budget, turn: &mut Turn<'_, '_>) {
        if self.core.is_closed() {
            command.refuse();
        } else if budget.is_spent() {
            if let Some(command) = self.core.session().command(command) {
                command.refuse();
            }
        } else {
            budget.spend();
            self.command(command, turn);
        }
    }

    fn command(&mut self, command: Command, turn: &mut Turn<'_, '_>) {
        match command {
            Command::Poll(req, exchange) => {
                self.core.expect_answer(req, exchange);
                self.core.handle(Input::PollOpened(req), None, turn);
            }
            Command::PollDropped(req) => {
                self.core.forget(req);
                self.core.handle(Input::PollDropped(req), None, turn);
            }
            Command::Post { upload, binary } => {
                let req = upload.req();
                self.core.expect_answer(req, Arc::clone(upload.exchange()));
                self.core.handle(Input::PostOpened { req, binary }, None, turn);
                if self.core.is_waiting(req) {
                    self.upload = Some(upload);
                }
            }
            Command::PostBody(req, body) => {
                if let Some(upload) = self.upload.as_mut().filter(|upload| upload.req() == req) {
                    upload.arrived(body);
                }
            }
            Command::PostAborted(req) => {
                self.core.forget(req);
                self.core.handle(Input::PostAborted(req), None, turn);
            }
            Command::PostTooLarge(req) => self.core.handle(Input::PostTooLarge(req), None, turn),
            Command::Socket { conn, stream, beginning, claim } => {
                self.make_room_for_socket();
                self.sockets.reserve_exact(1);
                self.sockets.push(Socket::new(conn, stream, beginning, &self.engine.config));
                self.core.handle(Input::SocketOpened(conn), None, turn);
                // From here on the machine says whether another one may come.
                self.core.publish();
                drop(claim);
            }
            Command::Close(close) => self.core.handle(Input::Close(close), None, turn),
        }
    }

    /// Refused websockets linger for a moment; a client that opens one after the other does not pile them up.
    fn make_room_for_socket(&mut self) {
        if self.sockets.len() >= MAX_SOCKETS
            && let Some(at) = self.sockets.iter().position(|socket| socket.until().is_some())
        {
            self.sockets.remove(at);
        }
    }
}

/// One that is the transport or probes, and some that are leaving.
const MAX_SOCKETS: usize = 8;
