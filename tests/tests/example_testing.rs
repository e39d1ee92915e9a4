//! The auction of `examples/testing` as a process, with stock clients at it.

#![forbid(unsafe_code)]

use serde_json::Value;
use whole_system::{Example, Script, Transport};

#[tokio::test(flavor = "multi_thread")]
async fn the_example_testing_runs_its_auction_for_stock_clients() {
    let example = Example::start("testing", &[]).await;
    for transport in Transport::ALL {
        let script = Script::new("examples/testing.mjs")
            .env("BASE", &format!("http://{}", example.address()))
            .env("TRANSPORT", transport.name());
        let outcome = script.run(async |_, _| Value::Null).await;
        outcome.unwrap_or_else(|fault| panic!("{}: {fault}", transport.name()));
    }
    example.stop().await;
}
