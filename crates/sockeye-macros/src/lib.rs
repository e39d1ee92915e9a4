//! Procedural macros of sockeye.
