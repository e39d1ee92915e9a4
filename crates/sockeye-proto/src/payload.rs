//! Opaque bytes that leave the machines.
