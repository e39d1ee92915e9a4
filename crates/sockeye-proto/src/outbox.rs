//! What waits to be written of one session.
