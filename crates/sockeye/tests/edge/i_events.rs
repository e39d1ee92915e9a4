//! Section I: EVENT, ACK, and what they carry.

mod acks;
mod order;
mod shapes;
mod values;
