//! Section E: pings and pongs.
