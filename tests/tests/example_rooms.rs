//! The café of `examples/rooms` as a process, with stock clients in it.

#![forbid(unsafe_code)]

use serde_json::Value;
use whole_system::{Example, Script, Transport};

#[tokio::test(flavor = "multi_thread")]
async fn the_example_rooms_seats_stock_clients() {
    let example = Example::start("rooms", &[]).await;
    for transport in Transport::ALL {
        let script = Script::new("examples/rooms.mjs")
            .env("BASE", &format!("http://{}", example.address()))
            .env("TRANSPORT", transport.name());
        let outcome = script.run(async |_, _| Value::Null).await;
        outcome.unwrap_or_else(|fault| panic!("{}: {fault}", transport.name()));
    }
}
