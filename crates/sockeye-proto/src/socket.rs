//! Socket.IO 5.
