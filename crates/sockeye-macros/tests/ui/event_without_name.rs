//! A derive without the event's name, and one with a key that it does not know.

use sockeye::EventType;

#[derive(EventType)]
struct NewMessage {}

#[derive(EventType)]
#[event("typing", acknowledged = u8)]
struct Typing {}

fn main() {}
