//! What is written to the log, and within which spans.
//!
//! A program of its own, with one test: who listens on one thread alone misses what other threads have met first.
#![cfg(test)]

#[path = "../it"]
#[expect(dead_code, reason = "another program's kit")]
mod it {
    pub(crate) mod kit;
}

use std::{
    fmt::{Debug, Write},
    sync::{Arc, Mutex},
};

use sockeye::{Namespace, Socket};
use tracing::{
    Event, Metadata, Subscriber,
    field::{Field, Visit},
    span::{Attributes, Id, Record},
};

use crate::it::kit::{BOTH, Client, serve, settle};

/// Writes down every record, behind the spans it lies in.
#[derive(Clone, Default)]
struct Recorder(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    spans: Vec<(Option<usize>, String)>,
    entered: Vec<usize>,
    lines: Vec<String>,
}

struct Text(String);

impl Visit for Text {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        let _ = write!(self.0, " {field}={value:?}");
    }
}

fn index(span: &Id) -> usize {
    usize::try_from(span.into_u64()).unwrap() - 1
}

impl Subscriber for Recorder {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().starts_with("sockeye::") || metadata.target() == "app"
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        let mut text = Text(span.metadata().name().to_owned());
        span.record(&mut text);
        let mut state = self.0.lock().unwrap();
        let current = state.entered.last().copied().filter(|_| span.is_contextual());
        state.spans.push((span.parent().map(index).or(current), text.0));
        Id::from_u64(state.spans.len() as u64)
    }

    fn record(&self, span: &Id, values: &Record<'_>) {
        let mut text = Text(String::new());
        values.record(&mut text);
        self.0.lock().unwrap().spans[index(span)].1.push_str(&text.0);
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut text = Text(String::new());
        event.record(&mut text);
        let mut state = self.0.lock().unwrap();
        let current = state.entered.last().copied().filter(|_| event.is_contextual());
        let mut span = event.parent().map(index).or(current);
        let mut line = format!("{}:{}", event.metadata().target(), text.0);
        while let Some(at) = span {
            line = format!("{} > {line}", state.spans[at].1);
            span = state.spans[at].0;
        }
        state.lines.push(line);
    }

    fn enter(&self, span: &Id) {
        self.0.lock().unwrap().entered.push(index(span));
    }

    fn exit(&self, span: &Id) {
        let left = self.0.lock().unwrap().entered.pop();
        assert_eq!(left, Some(index(span)));
    }
}

#[tokio::test(start_paused = true)]
async fn what_a_handler_writes_lies_within_its_session_and_its_socket() {
    for via in BOTH {
        let recorder = Recorder::default();
        let _guard = tracing::subscriber::set_default(recorder.clone());
        let app = serve(Namespace::new().on("hi", async |socket: Socket| {
            tracing::info!(target: "app", sid = ?socket.handshake().sid(), "hello");
        }));
        let (mut client, id) = Client::join(&app, via).await;
        client.send(r#"420["hi"]"#).await;
        assert_eq!(client.packet().await, "430[]");
        client.vanish().await;
        settle().await;

        let lines = recorder.0.lock().unwrap().lines.clone();
        let (hello, others): (Vec<_>, Vec<_>) = lines.iter().partition(|line| line.contains("app:"));
        let [hello] = hello[..] else { panic!("{lines:?}") };
        let socket = format!(" > socket namespace=/ id={id} > app:");
        assert!(hello.starts_with("session number=") && hello.contains(&socket), "{hello}");

        let (_, sid) = hello.split_once("Id(").unwrap();
        let sid = sid.trim_start_matches('"').get(..20).unwrap();
        assert!(others.iter().all(|line| line.starts_with("session number=")), "{others:?}");
        assert!(others.iter().all(|line| !line.contains(sid)), "the sid is a secret: {others:?}");
        for event in ["opened", "joined", "left", "closed"] {
            assert!(others.iter().any(|line| line.contains(event)), "{event}: {others:?}");
        }
    }
}
