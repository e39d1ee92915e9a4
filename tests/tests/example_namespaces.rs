//! The example `namespaces`, driven by a stock client.

#![forbid(unsafe_code)]

use serde_json::Value;
use whole_system::{Example, Script, Transport};

#[tokio::test(flavor = "multi_thread")]
async fn example_namespaces_does_what_its_page_says() {
    let example = Example::start("namespaces", &[]).await;
    for transport in Transport::ALL {
        let script = Script::new("examples/namespaces.mjs")
            .env("BASE", &format!("http://{}", example.address()))
            .env("TRANSPORT", transport.name());
        let outcome = script.run(async |_, _| Value::Null).await;
        outcome.unwrap_or_else(|fault| panic!("{}: {fault}", transport.name()));
    }
    assert!(example.log().iter().any(|line| line == "/document/0 is open"));
}
