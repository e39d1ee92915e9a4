//! A client that polls.

use std::collections::VecDeque;

use axum::{Router, body::Body};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use futures_util::{FutureExt, future::BoxFuture};
use http::{Request, StatusCode};
use tower::ServiceExt;

use super::Got;

pub(crate) struct Polling {
    app: Router,
    sid: String,
    got: VecDeque<Got>,
    /// The GET that waits. Kept when nobody listens any longer: a GET that is given up ends its session.
    poll: Option<BoxFuture<'static, Option<String>>>,
}

impl Polling {
    pub(super) async fn open(app: &Router, headers: &[(&str, &str)]) -> Self {
        let mut request = Request::get("/socket.io/?EIO=4&transport=polling");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let body = answer(app.clone(), request.body(Body::empty()).unwrap()).await.unwrap();
        let open: serde_json::Value = serde_json::from_str(body.strip_prefix('0').unwrap()).unwrap();
        let sid = open["sid"].as_str().unwrap().to_owned();
        Self { app: app.clone(), sid, got: VecDeque::new(), poll: None }
    }

    pub(super) async fn post(&mut self, body: String) {
        // Whoever posts to a server that has hung up notices at the next poll.
        let _ = self.post_answer(body).await;
    }

    pub(super) async fn post_binary(&mut self, packet: &str, attachments: &[&[u8]]) {
        let attachments = attachments.iter().map(|bytes| format!("\x1eb{}", STANDARD.encode(bytes)));
        self.post(format!("{packet}{}", attachments.collect::<String>())).await;
    }

    pub(super) fn post_answer(&self, body: String) -> BoxFuture<'static, Option<String>> {
        let request = Request::post(self.uri()).header("content-type", "text/plain;charset=UTF-8");
        answer(self.app.clone(), request.body(Body::from(body)).unwrap()).boxed()
    }

    pub(super) async fn next(&mut self) -> Got {
        loop {
            if let Some(got) = self.got.pop_front() {
                return got;
            }
            if self.poll.is_none() {
                let request = Request::get(self.uri()).body(Body::empty()).unwrap();
                self.poll = Some(answer(self.app.clone(), request).boxed());
            }
            let Some(poll) = &mut self.poll else { unreachable!() };
            let body = poll.await;
            self.poll = None;
            let Some(body) = body else { return Got::Closed };
            for packet in body.split('\x1e') {
                match packet.split_at(1) {
                    ("4", _) => self.got.push_back(Got::Packet(packet.to_owned())),
                    ("b", bytes) => self.got.push_back(Got::Attachment(STANDARD.decode(bytes).unwrap())),
                    ("2", _) => self.post("3".to_owned()).await,
                    ("6", _) => {}
                    ("1", _) => self.got.push_back(Got::Closed),
                    _ => panic!("unexpected {packet}"),
                }
            }
        }
    }

    /// A polling client that is gone is noticed by the GET that it gives up.
    pub(super) async fn vanish(mut self) {
        if self.poll.is_none() {
            let request = Request::get(self.uri()).body(Body::empty()).unwrap();
            self.poll = Some(answer(self.app.clone(), request).boxed());
        }
        if let Some(poll) = &mut self.poll {
            // Once, so that the GET has arrived.
            assert!(poll.now_or_never().is_none(), "a GET that should wait was answered");
        }
        super::settle().await;
        drop(self.poll);
    }

    fn uri(&self) -> String {
        format!("/socket.io/?EIO=4&transport=polling&sid={}", self.sid)
    }
}

/// The body of a 200.
async fn answer(app: Router, request: Request<Body>) -> Option<String> {
    let response = app.oneshot(request).await.unwrap();
    if response.status() != StatusCode::OK {
        return None;
    }
    let body = axum::body::to_bytes(response.into_body(), usize::MAX).await.ok()?;
    Some(String::from_utf8(body.to_vec()).unwrap())
}
