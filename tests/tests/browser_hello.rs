//! The example `hello`: the page, and the client, come from the server.

#![forbid(unsafe_code)]

use whole_system::{Example, Script};

#[tokio::test(flavor = "multi_thread")]
async fn story_43_the_client_comes_with_the_server() {
    let hello = Example::start("hello", &[]).await;
    let script = Script::new("browser/story_43.mjs").env("BASE", &format!("http://{}", hello.address()));
    let outcome = script.run(async |question, _| panic!("nobody answers {question:?}")).await;
    outcome.unwrap_or_else(|fault| panic!("{fault}"));
}
