//! The routes of `examples/dashboard`, while stock clients are connected.

#![forbid(unsafe_code)]

use serde_json::Value;
use whole_system::{Example, Script, Transport};

#[tokio::test(flavor = "multi_thread")]
async fn story_51_a_dashboard_of_ones_own() {
    let example = Example::start("dashboard", &[("DASHBOARD_PASSWORD", "changeit")]).await;
    for transport in Transport::ALL {
        let script = Script::new("examples/dashboard.mjs")
            .env("BASE", &format!("http://{}", example.address()))
            .env("TRANSPORT", transport.name());
        let outcome = script.run(async |_, _| Value::Null).await;
        outcome.unwrap_or_else(|fault| panic!("{}: {fault}", transport.name()));
    }
}
