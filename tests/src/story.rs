//! A story: the server of one test and the script that is its client.

use std::collections::HashMap;
use std::fmt;
use std::future::Future;
use std::sync::Arc;

use axum::Router;
use futures_util::future::BoxFuture;
use serde_json::{Value, json};
use sockeye::{Builder, Sockeye};

use crate::proxy::{Network, Proxy};
use crate::script::Script;
use crate::server::{App, Server};
use crate::tls::Tls;
use crate::transport::Transport;

type Build = dyn Fn(App) -> Router + Send + Sync;
type Answer = dyn Fn(Arc<Stage>, Value) -> BoxFuture<'static, Value> + Send + Sync;

/// One whole-system test.
#[must_use]
pub struct Story {
    script: &'static str,
    build: Arc<Build>,
    answers: HashMap<&'static str, Arc<Answer>>,
    env: Vec<(&'static str, String)>,
    tls: Option<Tls>,
}

/// What questions of the script can reach.
#[derive(Debug)]
pub struct Stage {
    /// The server.
    pub server: Server,
    /// The network between the script and the server.
    pub proxy: Proxy,
}

impl Story {
    /// A story told by a script of `tests/node`; `serve` declares the namespaces of a server that has no other routes.
    pub fn new(
        script: &'static str,
        serve: impl Fn(Builder<App>) -> Builder<App> + Send + Sync + 'static,
    ) -> Self {
        Self::among(script, serve, |router| router)
    }

    /// The same, with an application around it: `routes` gets sockeye's router and adds its own routes and layers.
    pub fn among(
        script: &'static str,
        serve: impl Fn(Builder<App>) -> Builder<App> + Send + Sync + 'static,
        routes: impl Fn(Router<App>) -> Router<App> + Send + Sync + 'static,
    ) -> Self {
        Self::of(script, move |app| {
            let sockeye = serve(Sockeye::builder().handle(&app.io)).build_with_state(app.clone());
            routes(Router::new().merge(sockeye.router())).with_state(app)
        })
    }

    /// A story whose application is built from nothing.
    pub fn of(script: &'static str, build: impl Fn(App) -> Router + Send + Sync + 'static) -> Self {
        Self { script, build: Arc::new(build), answers: HashMap::new(), env: Vec::new(), tls: None }
    }

    /// Answers a question of the script, beside `notes`, `fence`, `network` and `upgrades`, which
    /// every story knows.
    pub fn answer<F, T>(mut self, question: &'static str, answer: F) -> Self
    where
        F: Fn(Arc<Stage>, Value) -> T + Send + Sync + 'static,
        T: Future<Output = Value> + Send + 'static,
    {
        self.answers.insert(question, Arc::new(move |stage, value| Box::pin(answer(stage, value))));
        self
    }

    /// Gives the script an environment variable.
    pub fn env(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.env.push((name, value.into()));
        self
    }

    /// Puts the server behind TLS. The script finds the certificate at CERTIFICATE, and the server without a proxy at
    /// BASE.
    pub fn over_tls(mut self) -> Self {
        let tls = Tls::new();
        self.env.push(("CERTIFICATE", tls.certificate().to_owned()));
        self.tls = Some(tls);
        self
    }

    /// Tells the story three times, each time with a new server.
    pub async fn on_every_transport(self) {
        for transport in Transport::ALL {
            self.on(transport).await;
        }
    }

    /// Tells the story once.
    ///
    /// # Panics
    /// When the script fails.
    pub async fn on(&self, transport: Transport) {
        let build = self.build.clone();
        let server = Server::start_with(self.tls.clone(), move |app| build(app)).await;
        let proxy = Proxy::start(server.address()).await.expect("loopback has a free port");
        let base = match self.tls {
            Some(_) => format!("https://{}", server.address()),
            None => format!("http://{}", proxy.address()),
        };
        let stage = Arc::new(Stage { server, proxy });
        let script = Script::new(self.script).env("BASE", &base).env("TRANSPORT", transport.name());
        let script = self.env.iter().fold(script, |script, (name, value)| script.env(name, value));
        let outcome = script.run(async |question, value| self.reply(&stage, question, value).await).await;
        if let Err(fault) = outcome {
            panic!("on {}: {fault}\nnoted: {:#?}", transport.name(), stage.server.notes().all());
        }
    }

    async fn reply(&self, stage: &Arc<Stage>, question: &str, value: Value) -> Value {
        if let Some(answer) = self.answers.get(question) {
            return answer(stage.clone(), value).await;
        }
        match question {
            "notes" => json!(stage.server.notes().all()),
            "fence" => {
                let namespace = value.as_str().unwrap_or("/");
                json!(stage.server.io().of(namespace).emit("fence", ()).await.is_ok())
            }
            "network" => {
                stage.proxy.set(Network::named(value.as_str().unwrap_or_default()));
                Value::Null
            }
            "upgrades" => json!(stage.proxy.upgrades()),
            other => panic!("nobody answers {other:?}"),
        }
    }
}

impl fmt::Debug for Story {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Story").field("script", &self.script).finish_non_exhaustive()
    }
}
