//! Bounds, wakes and memory of an outbox.
