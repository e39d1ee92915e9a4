//! The client machine against the server machine by simulated time: with delays, losses, half-open networks and an
//! upgrade in the middle of traffic. Nothing here sleeps; a failing case prints the seed it grew from.

#[cfg(test)]
mod pair {
    mod client;
    mod engine;
    mod network;
    mod plan;
    mod server;
    mod world;
}
