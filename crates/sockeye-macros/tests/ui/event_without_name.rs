use sockeye::EventType;

#[derive(EventType)]
struct NewMessage {}

#[derive(EventType)]
#[event("typing", acknowledged = u8)]
struct Typing {}

fn main() {}
