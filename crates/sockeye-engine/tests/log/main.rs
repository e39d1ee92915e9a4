//! What is written to the log.
//!
//! A program of its own, with one test: who listens on one thread alone misses what other threads have met first.
#![cfg(test)]

#[path = "../engine"]
#[expect(dead_code, reason = "another program's support")]
mod engine {
    pub(crate) mod support;
}

use std::{
    fmt::Write,
    sync::{Arc, Mutex},
};

use http::Method;

use crate::engine::support::{World, body, request, websocket_request};

/// The lines of the log at WARN and above.
#[derive(Clone, Default)]
struct Warnings(Arc<Mutex<Vec<String>>>);

impl tracing::Subscriber for Warnings {
    fn enabled(&self, metadata: &tracing::Metadata<'_>) -> bool {
        *metadata.level() <= tracing::Level::WARN
    }

    fn new_span(&self, _: &tracing::span::Attributes<'_>) -> tracing::span::Id {
        tracing::span::Id::from_u64(1)
    }

    fn record(&self, _: &tracing::span::Id, _: &tracing::span::Record<'_>) {}

    fn record_follows_from(&self, _: &tracing::span::Id, _: &tracing::span::Id) {}

    fn event(&self, event: &tracing::Event<'_>) {
        let mut line = String::new();
        event.record(&mut |field: &tracing::field::Field, value: &dyn std::fmt::Debug| {
            let _ = write!(line, "{field}={value:?} ");
        });
        self.0.lock().unwrap().push(line);
    }

    fn enter(&self, _: &tracing::span::Id) {}

    fn exit(&self, _: &tracing::span::Id) {}
}

#[tokio::test(start_paused = true)]
async fn each_refused_origin_is_one_line_in_the_log_that_names_the_setting() {
    let warnings = Warnings::default();
    let _logging = tracing::subscriber::set_default(warnings.clone());
    let world = World::new();
    for origin in ["https://evil.example", "https://evil.example", "nonsense\" level=ERROR"] {
        for handshake in
            [request(Method::GET, "EIO=4&transport=polling"), websocket_request("EIO=4&transport=websocket")]
        {
            let request = handshake
                .header("origin", origin)
                .header("host", "a.example")
                .header("cookie", "token=x")
                .body(body(""))
                .unwrap();
            assert_eq!(world.send(request).await.unwrap().status(), 403);
        }
    }
    let lines = warnings.0.lock().unwrap().clone();
    let [one, other] = &lines[..] else { panic!("{lines:?}") };
    assert!(one.contains("https://evil.example") && one.contains("the setting `origins`"), "{one}");
    assert!(other.contains(r#"nonsense\\\" level=ERROR"#), "{other}");
}
