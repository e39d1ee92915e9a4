//! The example `catching-up`, driven by a stock client.

#![forbid(unsafe_code)]

use whole_system::{Example, Script, Transport};

#[tokio::test(flavor = "multi_thread")]
async fn example_catching_up_does_what_its_page_says() {
    let example = Example::start("catching-up", &[]).await;
    for transport in Transport::ALL {
        let script = Script::new("examples/catching_up.mjs")
            .env("BASE", &format!("http://{}", example.address()))
            .env("TRANSPORT", transport.name());
        let outcome = script.run(async |_, value| value).await;
        assert_eq!(outcome, Ok(()), "{}", transport.name());
    }
    assert!(example.log().iter().any(|line| line.starts_with("listening on http://")));
}
