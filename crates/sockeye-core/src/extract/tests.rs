//! What arguments give, and what clients are told when they do not.

use std::{
    convert::Infallible,
    sync::atomic::{AtomicUsize, Ordering},
};

use axum::{
    Extension, Json,
    extract::State,
    http::{StatusCode, request::Parts},
    response::{IntoResponse, Response},
};
use axum_core::extract::FromRequestParts;
use bytes::Bytes;
use http::Extensions;
use serde::Deserialize;
use sockeye_proto::socket::Arguments;

use super::*;
use crate::{
    DisconnectReason, Reply, Socket,
    testing::{World, event, sent},
};

/// Extracts a last argument as a handler would.
async fn last<T: FromEvent<S, M>, S, M>(event: Event, state: &S) -> Result<T, Reply> {
    T::from_event(event, state).await.map_err(IntoReply::into_reply)
}

async fn told<T: FromEvent<(), M>, M>(event: Event) -> String {
    match last::<T, _, M>(event, &()).await {
        Ok(_) => panic!("it was extracted"),
        Err(reply) => reply.as_json().unwrap().to_owned(),
    }
}

#[derive(Debug, Deserialize, PartialEq)]
struct Join {
    room: String,
}

#[tokio::test]
async fn data_is_the_first_argument_and_args_are_several() {
    let socket = World::new().socket();
    let Data(list) = last::<Data<Vec<u8>>, _, _>(event(&socket, "e", "[[1,2],3]"), &()).await.unwrap();
    assert_eq!(list, [1, 2]);
    let Data(none) = last::<Data<Option<u8>>, _, _>(event(&socket, "e", "[]"), &()).await.unwrap();
    assert_eq!(none, None);
    type Three = (u8, String, Option<bool>);
    let Args(three) = last::<Args<Three>, _, _>(event(&socket, "e", r#"[1,"a"]"#), &()).await.unwrap();
    assert_eq!(three, (1, "a".to_owned(), None));
    let Args(one) = last::<Args<(u8,)>, _, _>(event(&socket, "e", "[1,2,3]"), &()).await.unwrap();
    assert_eq!(one, (1,));
    last::<Args<()>, _, _>(event(&socket, "e", "[1]"), &()).await.unwrap();
    last::<Args<()>, _, _>(event(&socket, "e", "[]"), &()).await.unwrap();
}

#[tokio::test]
async fn what_does_not_fit_is_told_with_its_place() {
    let socket = World::new().socket();
    let first = told::<Data<Join>, _>(event(&socket, "join", r#"[{"room":1}]"#)).await;
    assert!(
        first.starts_with(r#"[{"error":{"code":"invalid_payload","message":"at 0.room: invalid type"#),
        "{first}"
    );
    let second = told::<Args<(u8, Join)>, _>(event(&socket, "join", r#"[1,{"room":[]}]"#)).await;
    assert!(second.contains("at 1.room: "), "{second}");
    let missing = told::<Data<u8>, _>(event(&socket, "join", "[]")).await;
    assert!(missing.contains("invalid_payload"), "{missing}");
}

#[tokio::test]
async fn raw_and_attachments_are_what_came() {
    let socket = World::new().socket();
    let json = r#"[{"_placeholder":true,"num":0},"x"]"#;
    let arguments = Arguments::with_attachments(json, vec![Bytes::from_static(b"ab")]).unwrap();
    let file = || Event::new(socket.clone(), "file", 1, None, arguments.clone());
    let Raw(raw) = last::<Raw, _, _>(file(), &()).await.unwrap();
    assert_eq!((raw.as_json(), raw.attachments().len()), (json, 1));
    let Attachments(parts) = last::<Attachments, _, _>(file(), &()).await.unwrap();
    assert_eq!(parts, [&b"ab"[..]]);
    let Args((bytes, name)) = last::<Args<(Bytes, String)>, _, _>(file(), &()).await.unwrap();
    assert_eq!((&bytes[..], name.as_str()), (&b"ab"[..], "x"));
}

/// An extractor as an application writes it for its routes. Counts how often it runs.
#[derive(Clone, Debug, PartialEq)]
struct User(String);

static EXTRACTED: AtomicUsize = AtomicUsize::new(0);

impl<S: Sync> FromRequestParts<S> for User {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Response> {
        EXTRACTED.fetch_add(1, Ordering::Relaxed);
        match parts.headers.remove("cookie").as_ref().and_then(|cookie| cookie.to_str().ok()) {
            Some(cookie) => Ok(Self(cookie.to_owned())),
            None => Err((StatusCode::UNAUTHORIZED, "log in first").into_response()),
        }
    }
}

#[tokio::test]
async fn axums_extractors_read_the_handshake() {
    let socket = World::new().socket();
    for _ in 0..2 {
        let user = last::<User, _, _>(event(&socket, "e", "[]"), &()).await.unwrap();
        assert_eq!(user, User("session=ada".to_owned()), "what one event takes out, the next finds again");
    }
    let Extension(value) = last::<Extension<&str>, _, _>(event(&socket, "e", "[]"), &()).await.unwrap();
    assert_eq!(value, "from a layer");
    let State(state) = last::<State<u8>, u8, _>(event(&socket, "e", "[]"), &5).await.unwrap();
    assert_eq!(state, 5);
    let (mut parts, _) = event(&socket, "e", "[]").into_parts();
    let before = EXTRACTED.load(Ordering::Relaxed);
    for _ in 0..3 {
        let Handshake(user) =
            <Handshake<User> as FromEventParts<()>>::from_event_parts(&mut parts, &()).await.ok().unwrap();
        assert_eq!(user.0, "session=ada");
    }
    // Other tests count, too; but three extractions would be three more.
    assert!(EXTRACTED.load(Ordering::Relaxed) - before < 3, "once per socket");
}

macro_rules! refuses {
    ($name:ident, $response:expr) => {
        struct $name;
        impl<S: Sync> FromRequestParts<S> for $name {
            type Rejection = Response;
            async fn from_request_parts(_: &mut Parts, _: &S) -> Result<Self, Response> {
                Err($response.into_response())
            }
        }
    };
}

refuses!(Text, (StatusCode::UNAUTHORIZED, "log in first"));
refuses!(JsonText, (StatusCode::IM_A_TEAPOT, Json(serde_json::json!({"message": "short and stout"}))));
refuses!(Bare, StatusCode::NOT_FOUND);
refuses!(Page, (StatusCode::FORBIDDEN, "x".repeat(20_000)));

#[tokio::test]
async fn a_rejection_of_axum_is_told_with_status_and_text() {
    let socket = World::new().socket();
    let told_text = told::<Text, _>(event(&socket, "e", "[]")).await;
    assert_eq!(told_text, r#"[{"error":{"code":"unauthorized","message":"log in first","status":401}}]"#);
    let told_json = told::<JsonText, _>(event(&socket, "e", "[]")).await;
    assert_eq!(told_json, r#"[{"error":{"code":"i_m_a_teapot","message":"short and stout","status":418}}]"#);
    let told_bare = told::<Bare, _>(event(&socket, "e", "[]")).await;
    assert_eq!(told_bare, r#"[{"error":{"code":"not_found","message":"Not Found","status":404}}]"#);
    let told_page = told::<Page, _>(event(&socket, "e", "[]")).await;
    assert_eq!(told_page, r#"[{"error":{"code":"forbidden","message":"Forbidden","status":403}}]"#);
    let once = told::<Handshake<Cloned>, _>(event(&socket, "e", "[]")).await;
    assert!(once.contains(r#""status":401"#), "{once}");
}

#[derive(Clone)]
struct Cloned;

impl<S: Sync> FromRequestParts<S> for Cloned {
    type Rejection = StatusCode;
    async fn from_request_parts(_: &mut Parts, _: &S) -> Result<Self, StatusCode> {
        Err(StatusCode::UNAUTHORIZED)
    }
}

#[tokio::test]
async fn what_admission_left_is_there_and_what_it_did_not_is_an_internal_error() {
    let world = World::new();
    let socket = world.joining();
    let mut locals = Extensions::new();
    locals.insert(7_u8);
    assert!(socket.joined(locals));
    let Admitted(value) = last::<Admitted<u8>, _, _>(event(&socket, "e", "[]"), &()).await.unwrap();
    assert_eq!(value, 7);
    let missing = told::<Admitted<String>, _>(event(&socket, "e", "[]")).await;
    assert_eq!(missing, r#"[{"error":{"code":"internal","message":"internal error"}}]"#);
    let absent = last::<Option<Admitted<String>>, _, _>(event(&socket, "e", "[]"), &()).await.unwrap();
    assert_eq!(absent, None);
}

#[tokio::test]
async fn options_are_absent_and_results_are_the_handlers_business() {
    let world = World::new();
    let socket = world.socket();
    let none = last::<Option<Data<u8>>, _, _>(event(&socket, "e", "[]"), &()).await.unwrap();
    assert_eq!(none, None);
    let some = last::<Option<Data<u8>>, _, _>(event(&socket, "e", "[3]"), &()).await.unwrap();
    assert_eq!(some, Some(Data(3)));
    assert!(told::<Option<Data<u8>>, _>(event(&socket, "e", r#"["x"]"#)).await.contains("invalid_payload"));
    type Tried = Result<Data<u8>, crate::rejection::DataRejection>;
    let tried = last::<Tried, _, _>(event(&socket, "e", r#"["x"]"#), &()).await.unwrap();
    assert_eq!(tried.unwrap_err().path(), "0");
    let refused = last::<Result<Text, Response>, _, _>(event(&socket, "e", "[]"), &()).await.unwrap();
    assert_eq!(refused.err().unwrap().status(), StatusCode::UNAUTHORIZED);
    let while_connected =
        last::<Option<DisconnectReason>, _, _>(event(&socket, "e", "[]"), &()).await.unwrap();
    assert_eq!(while_connected, None);
    world.leave(&socket);
    let reason = last::<DisconnectReason, _, _>(event(&socket, "e", "[]"), &()).await.unwrap();
    assert_eq!(reason.as_str(), "client namespace disconnect");
}

#[tokio::test]
async fn the_sender_the_name_and_the_whole() {
    let socket = World::new().socket();
    let sender = last::<Socket, _, _>(event(&socket, "e", "[]"), &()).await.unwrap();
    assert_eq!(sender, socket);
    let EventName(name) = last::<EventName, _, _>(event(&socket, "e", "[]"), &()).await.unwrap();
    assert_eq!(&*name, "e");
    let whole = last::<Event, _, _>(event(&socket, "e", "[1]"), &()).await.unwrap();
    assert_eq!((whole.name(), whole.arguments().as_json(), whole.wants_ack()), ("e", "[1]", true));
}

#[tokio::test]
async fn without_an_acker_the_return_value_answers() {
    let socket = World::new().socket();
    socket.answer(1, 7, ().into_reply());
    socket.answer(2, 8, Reply::json(&1));
    socket.answer(3, 9, Reply::none());
    assert_eq!(sent(&socket), ["37[]", "38[1]"]);
}

#[tokio::test]
async fn with_an_acker_the_first_answer_wins() {
    let socket = World::new().socket();
    // Taken, and answered after the handler has returned `()`.
    let acker = last::<Acker, _, _>(event(&socket, "e", "[]"), &()).await.unwrap();
    assert!(acker.is_wanted());
    socket.answer(1, 7, Ok::<(), Infallible>(()).into_reply());
    assert_eq!(sent(&socket), [""; 0]);
    acker.send(("a", 1)).await.unwrap();
    assert_eq!(sent(&socket), [r#"37["a",1]"#]);

    // Answered before the handler fails.
    let acker = last::<Acker, _, _>(event(&socket, "e", "[]"), &()).await.unwrap();
    acker.reply(Data(2)).await.unwrap();
    socket.answer(1, 7, Reply::error("late", "too late"));
    assert_eq!(sent(&socket), ["37[2]"]);

    // The handler fails, and the acker comes second.
    let acker = last::<Acker, _, _>(event(&socket, "e", "[]"), &()).await.unwrap();
    socket.answer(1, 7, Reply::error("no", "no"));
    acker.send(3).await.unwrap();
    assert_eq!(sent(&socket), [r#"37[{"error":{"code":"no","message":"no"}}]"#]);

    // Two ackers of one handler are one.
    let (parts, _) = event(&socket, "e", "[]").into_parts();
    let (one, other) = (parts.acker(), parts.acker());
    one.send(1).await.unwrap();
    other.send(2).await.unwrap();
    socket.answer(1, 7, ().into_reply());
    assert_eq!(sent(&socket), ["37[1]"]);
}

#[tokio::test]
async fn nobody_is_answered_who_did_not_ask() {
    let socket = World::new().socket();
    let silent = Event::new(socket.clone(), "e", 1, None, Arguments::default());
    let acker = last::<Acker, _, _>(silent, &()).await.unwrap();
    assert!(!acker.is_wanted());
    acker.send(1).await.unwrap();
    assert_eq!(sent(&socket), [""; 0]);
}
