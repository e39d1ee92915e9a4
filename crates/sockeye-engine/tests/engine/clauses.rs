//! Clauses of the protocol that say what a request may look like and need not.

use std::collections::BTreeSet;

use http::Method;
use sockeye_engine::{Close, CloseReason, Transport};

use crate::support::{SID_UNKNOWN, World, body, refused, request, text};

#[tokio::test(start_paused = true)]
async fn a_post_needs_a_session_that_lives() {
    let mut world = World::new();
    for sid in ["nobody", "AAAAAAAAAAAAAAAAAAAA"] {
        let answer = refused(world.post(sid, "4hello").await.unwrap()).await;
        assert_eq!(answer, (400, SID_UNKNOWN.to_owned()), "{sid}");
    }
    let (sid, sender) = world.open().await;
    let reason = CloseReason::Forced(Transport::Polling);
    sender.close(Close::Now(reason));
    world.expect_closed(reason).await;
    assert_eq!(refused(world.post(&sid, "4hello").await.unwrap()).await, (400, SID_UNKNOWN.to_owned()));
}

#[tokio::test(start_paused = true)]
async fn a_body_is_text_unless_its_type_says_bytes() {
    let mut world = World::new();
    let (sid, _sender) = world.open().await;
    for kind in [None, Some("text/plain"), Some("text/plain;charset=UTF-8"), Some("application/json")] {
        let mut post = request(Method::POST, &format!("EIO=4&transport=polling&sid={sid}"));
        if let Some(kind) = kind {
            post = post.header("content-type", kind);
        }
        let response = world.send(post.body(body("4\u{e9}")).unwrap()).await.unwrap();
        assert_eq!(text(response).await, "ok", "{kind:?}");
        world.expect_messages(&["\u{e9}"]).await;
    }
}

#[tokio::test(start_paused = true)]
async fn parameters_that_are_not_the_protocols_change_nothing() {
    let world = World::new();
    for more in ["&j=0", "&b64=1", "&t=abc", "&token=x%26y"] {
        let get = request(Method::GET, &format!("EIO=4&transport=polling{more}")).body(body("")).unwrap();
        let response = world.send(get).await.unwrap();
        assert_eq!(response.headers()["content-type"], "text/plain; charset=UTF-8", "{more}");
        assert!(text(response).await.starts_with(r#"0{"sid":""#), "{more}");
    }
}

#[tokio::test(start_paused = true)]
async fn each_session_has_a_name_of_its_own() {
    let mut world = World::new();
    let mut names = BTreeSet::new();
    for _ in 0..100 {
        let (sid, _sender) = world.open().await;
        assert_eq!(sid.len(), 20);
        names.insert(sid);
    }
    assert_eq!(names.len(), 100);
}
