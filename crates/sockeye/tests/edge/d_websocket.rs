//! Section D: the websocket transport.
