//! Section G: how a session of Engine.IO ends.
