//! The Engine.IO 4 and Socket.IO 5 protocols as state machines, without sockets, clock or runtime.
