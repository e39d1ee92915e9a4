//! What the reader accepts, refuses and keeps.
