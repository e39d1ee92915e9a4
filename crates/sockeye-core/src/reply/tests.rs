//! What each return type acknowledges.

use bytes::Bytes;
use serde::{Serialize, Serializer};
use serde_json::Value;

use super::*;
use crate::{Args, Data, Raw};

struct Taken;

impl IntoReply for Taken {
    fn into_reply(self) -> Reply {
        Reply::error("taken", "that name is in use")
    }
}

fn json(reply: impl IntoReply) -> Option<String> {
    reply.into_reply().as_json().map(str::to_owned)
}

fn ok<T>(value: T) -> Result<T, Taken> {
    Ok(value)
}

#[test]
fn nothing_is_an_ack_without_arguments_and_null_is_one_argument() {
    for reply in [json(()), json(ok(()))] {
        assert_eq!(reply.as_deref(), Some("[]"));
    }
    for reply in [json(ok(Value::Null)), json(Data(())), json(ok(None::<u8>)), json(Data(Value::Null))] {
        assert_eq!(reply.as_deref(), Some("[null]"));
    }
    assert_eq!(json(NoAck), None);
    assert_eq!(json(ok(NoAck)), None);
}

#[test]
fn one_value_is_one_argument_and_args_are_several() {
    assert_eq!(json(ok([1, 2])).as_deref(), Some("[[1,2]]"));
    assert_eq!(json(ok((1, "a"))).as_deref(), Some(r#"[[1,"a"]]"#));
    assert_eq!(json(Data("x")).as_deref(), Some(r#"["x"]"#));
    assert_eq!(json(Args((1, "a", [true]))).as_deref(), Some(r#"[1,"a",[true]]"#));
    assert_eq!(json(ok(Args((1, "a")))).as_deref(), Some(r#"[1,"a"]"#));
    assert_eq!(json(Args(())).as_deref(), Some("[]"));
    assert_eq!(json(ok(Data(()))).as_deref(), Some("[null]"));
    assert_eq!(json(ok(Reply::args((1, 2)))).as_deref(), Some("[1,2]"));
}

#[test]
fn raw_arguments_are_returned_as_they_came() {
    let raw = || Raw(Arguments::json(r#"[1.0, "a" ]"#).unwrap());
    assert_eq!(json(raw()).as_deref(), Some(r#"[1.0, "a" ]"#));
    assert_eq!(json(ok(raw())).as_deref(), Some(r#"[1.0, "a" ]"#));
    let ack = raw().into_reply().into_group("/", 7).unwrap();
    assert_eq!(ack.frames().next().unwrap().message(), br#"37[1.0, "a"]"#);
    let binary =
        Arguments::with_attachments(r#"[{"_placeholder":true,"num":0}]"#, vec![Bytes::from_static(b"x")]);
    let ack = Raw(binary.unwrap()).into_reply().into_group("/", 7).unwrap();
    let frames: Vec<_> = ack.frames().map(|frame| frame.message()).collect();
    assert_eq!(frames, [&br#"61-7[{"_placeholder":true,"num":0}]"#[..], b"x"]);
    assert_eq!(json(Reply::args(raw())).as_deref(), Some(r#"[1.0, "a"]"#));
    assert_eq!(json(Raw(Arguments::default())).as_deref(), Some("[]"));
    assert!(!raw().into_reply().is_implicit());
}

#[test]
fn an_error_speaks_for_itself() {
    let reply = json(Err::<u8, _>(Taken));
    assert_eq!(reply.as_deref(), Some(r#"[{"error":{"code":"taken","message":"that name is in use"}}]"#));
}

#[test]
fn only_the_handler_that_returns_nothing_gives_way_to_an_acker() {
    assert!(().into_reply().is_implicit());
    assert!(ok(()).into_reply().is_implicit());
    assert!(!ok(1).into_reply().is_implicit());
    assert!(!Err::<(), _>(Taken).into_reply().is_implicit());
    assert!(!Reply::empty().is_implicit());
}

#[test]
fn bytes_become_attachments() {
    let reply = ok(Args((Bytes::from_static(b"ab"), 1))).into_reply();
    let group = reply.into_group("/chat", 5).unwrap();
    let frames: Vec<_> = group.frames().map(|frame| frame.message()).collect();
    assert_eq!(frames[0], br#"61-/chat,5[{"_placeholder":true,"num":0},1]"#);
    assert_eq!(frames[1], b"ab");
}

#[test]
fn a_value_that_cannot_be_encoded_is_an_internal_error() {
    struct Broken;
    impl Serialize for Broken {
        fn serialize<S: Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
            Err(serde::ser::Error::custom("secret detail"))
        }
    }
    let reply = json(Data(Broken)).unwrap();
    assert_eq!(reply, r#"[{"error":{"code":"internal","message":"internal error"}}]"#);
}
