//! The demo with a network in front of it, and the scripts that drive a browser through both.

use std::time::Duration;

use serde_json::{Value, json};

use crate::example::Example;
use crate::proxy::{Network, Proxy};
use crate::script::Script;

/// A running demo.
#[derive(Debug)]
pub struct Demo {
    chat: Example,
    proxy: Proxy,
}

impl Demo {
    /// Starts the program with these variables.
    ///
    /// # Panics
    /// When it does not start.
    pub async fn start(env: &[(&str, &str)]) -> Self {
        let chat = Example::start("chat-jwt", env).await;
        let proxy = Proxy::start(chat.address()).await.expect("loopback has a free port");
        Self { chat, proxy }
    }

    /// Runs a script of `tests/node`. It finds the program at BASE and the same through the proxy at PROXIED, and may
    /// ask for `log`, `stop`, `start`, `network` and `upgrades`.
    ///
    /// # Panics
    /// When the script fails.
    pub async fn tell(&self, script: &str, env: &[(&str, &str)]) {
        let script = Script::new(script)
            .limit(Duration::from_secs(180))
            .env("BASE", &format!("http://{}", self.chat.address()))
            .env("PROXIED", &format!("http://{}", self.proxy.address()));
        let script = env.iter().fold(script, |script, (name, value)| script.env(name, value));
        let outcome = script.run(async |question, value| self.reply(question, &value).await).await;
        if let Err(fault) = outcome {
            panic!("{fault}\nlog: {:#?}", self.chat.log());
        }
    }

    async fn reply(&self, question: &str, value: &Value) -> Value {
        match question {
            "log" => return json!(self.chat.log()),
            "stop" => self.chat.stop().await,
            "start" => self.chat.start_again().await,
            "network" => self.proxy.set(Network::named(value.as_str().unwrap_or_default())),
            "upgrades" => return json!(self.proxy.upgrades()),
            other => panic!("nobody answers {other:?}"),
        }
        Value::Null
    }
}
