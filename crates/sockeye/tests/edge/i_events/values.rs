//! Lines 208 to 215: what may be said, and what it looks like.

use std::collections::HashMap;

use bytes::Bytes;
use serde_json::Value;
use sockeye::{Args, BroadcastError, Data, EmitError, Namespace, Raw, Reply};

use crate::support::{BOTH, Log, Peer, Server, pair, witness};

#[tokio::test(start_paused = true)]
async fn edge_208_reserved_names_are_not_emitted() {
    for via in BOTH {
        let mut pair = pair(via).await;
        let io = pair.server.io();
        for name in
            ["connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener"]
        {
            let refused = pair.socket.emit(name, 1).await;
            assert!(matches!(&refused, Err(EmitError::Reserved(told)) if **told == *name), "{refused:?}");
            assert!(matches!(pair.socket.try_emit(name, 1), Err(EmitError::Reserved(_))));
            let refused = io.emit(name, 1).await;
            assert!(matches!(refused, Err(BroadcastError::Emit(EmitError::Reserved(_)))), "{refused:?}");
            let refused = io.emit_with_ack::<u8>(name, 1).await.map(drop);
            assert!(matches!(refused, Err(BroadcastError::Emit(EmitError::Reserved(_)))), "{refused:?}");
        }
        pair.socket.emit("error", 1).await.unwrap();
        pair.peer.expect(r#"42["error",1]"#).await;
        pair.peer.assert_silent().await;
    }
}

#[tokio::test(start_paused = true)]
async fn edge_209_what_cannot_be_written_fails_where_it_is_emitted() {
    // Keys of JSON are text.
    let bad = HashMap::from([([1_u8, 2], "x")]);
    for via in BOTH {
        let mut pair = pair(via).await;
        let io = pair.server.io();
        let refused = pair.socket.emit("bad", (1, &bad)).await;
        assert!(matches!(refused, Err(EmitError::Encode(_))), "{refused:?}");
        let refused = io.emit("bad", (Bytes::from_static(b"lost"), &bad)).await;
        assert!(matches!(refused, Err(BroadcastError::Emit(EmitError::Encode(_)))), "{refused:?}");
        pair.socket.emit("good", 1).await.unwrap();
        pair.peer.expect(r#"42["good",1]"#).await;

        let reply = bad.clone();
        let server = Server::new(witness(&Log::default()).on("bad", async move || Data(reply)));
        let mut peer = Peer::join(&server, via).await;
        peer.ask(r#"421["bad"]"#, r#"431[{"error":{"code":"internal","message":"internal error"}}]"#).await;
        peer.assert_alive().await;
    }
}

#[tokio::test(start_paused = true)]
async fn edge_210_prototype_keys_are_plain_data() {
    for via in BOTH {
        let log = Log::default();
        let echo = async |Data(value): Data<Value>| Data(value);
        let server = Server::new(witness(&log).on("echo", echo).on("__proto__", echo));
        let mut peer = Peer::join(&server, via).await;
        let value = r#"{"__proto__":{"admin":true},"constructor":1}"#;
        peer.ask(&format!(r#"421["echo",{value}]"#), &format!("431[{value}]")).await;
        peer.ask(&format!(r#"422["__proto__",{value}]"#), &format!("432[{value}]")).await;
        peer.send(r#"42["constructor",{"__proto__":1}]"#).await;
        log.expect(&["connect", r#"constructor[{"__proto__":1}]"#]).await;
    }
}

/// Text goes through whole. A lone surrogate, which no text in Rust can hold, is a deliberate difference: it stays in
/// the arguments as they came, and who reads them as text is told that they do not fit (API.md, section 3), at the cost
/// of one ack.
#[tokio::test(start_paused = true)]
async fn edge_211_emoji_go_through_and_lone_surrogates_stay_in_the_arguments() {
    for via in BOTH {
        let log = Log::default();
        let server = Server::new(witness(&log).on("echo", async |Data(text): Data<String>| Data(text)));
        let mut peer = Peer::join(&server, via).await;
        let text = "🦀 \u{1f469}\u{200d}\u{1f4bb} ü \u{2028}\u{2029} \u{fffd} \u{10ffff}";
        peer.ask(&format!(r#"421["echo","{text}"]"#), &format!(r#"431["{text}"]"#)).await;
        // Escaped pairs are the same text.
        peer.ask(r#"422["echo","\ud83e\udd80"]"#, r#"432["🦀"]"#).await;

        peer.send(r#"423["echo","a\ud800"]"#).await;
        let told = peer.packet().await;
        assert!(told.starts_with(r#"433[{"error":{"code":"invalid_payload","#), "{told}");
        peer.ask(r#"424["raw","a\ud800",["\udc00\ud800"]]"#, "434[]").await;
        log.expect(&["connect", r#"raw["a\ud800",["\udc00\ud800"]]"#]).await;
    }
}

/// Numbers that JSON does not have, and nothing at all, are `null`. How dates, maps and sets look is up to serde: their
/// part of the line is about a language that is not ours.
#[tokio::test(start_paused = true)]
async fn edge_212_what_json_does_not_have_is_null() {
    for via in BOTH {
        let mut pair = pair(via).await;
        let infinite = [f64::INFINITY, f64::NEG_INFINITY, f64::NAN, 1.5];
        pair.socket.emit("numbers", (f64::NAN, f32::INFINITY, &infinite, &None::<u8>, &())).await.unwrap();
        pair.peer.expect(r#"42["numbers",null,null,[null,null,null,1.5],null,null]"#).await;
    }
}

#[tokio::test(start_paused = true)]
async fn edge_213_null_is_an_argument() {
    for via in BOTH {
        let log = Log::default();
        let namespace = witness(&log)
            .on("option", async |Data(value): Data<Option<u8>>| Data(value.is_none()))
            .on("null", async || Data(Value::Null));
        let server = Server::new(namespace);
        let mut peer = Peer::join(&server, via).await;
        peer.ask(r#"421["option",null]"#, "431[true]").await;
        peer.ask(r#"422["null"]"#, "432[null]").await;
        peer.send_all(&[r#"42["one",null]"#, r#"42["none"]"#, r#"42["two",null,null]"#]).await;
        log.expect(&["connect", "one[null]", "none[]", "two[null,null]"]).await;
        server.io().emit("null", Value::Null).await.unwrap();
        peer.expect(r#"42["null",null]"#).await;
    }
}

#[tokio::test(start_paused = true)]
async fn edge_214_large_values_go_both_ways() {
    const LIMIT: usize = 1_000_000;
    for via in BOTH {
        let server = Server::new(
            Namespace::new()
                .on("text", async |Data(text): Data<String>| Data(text))
                .on("bytes", async |Data(bytes): Data<Bytes>| Data(bytes)),
        );
        let mut peer = Peer::join(&server, via).await;
        // To the last byte that is allowed; the answer is a little shorter.
        let frame = r#"421["text",""]"#.len();
        let text = "x".repeat(LIMIT - frame);
        peer.ask(&format!(r#"421["text","{text}"]"#), &format!(r#"431["{text}"]"#)).await;
        // In base64, by polling, these are nearly as many.
        let bytes: Vec<u8> = (0..740_000_u32).map(|n| (n % 251) as u8).collect();
        peer.send_binary(r#"451-2["bytes",{"_placeholder":true,"num":0}]"#, &[&bytes]).await;
        peer.expect(r#"461-2[{"_placeholder":true,"num":0}]"#).await;
        assert!(peer.attachment().await == bytes);
    }
}

#[tokio::test(start_paused = true)]
async fn edge_215_false_stays_false() {
    for via in BOTH {
        let log = Log::default();
        let namespace = witness(&log)
            .on("is", async |Data(value): Data<bool>| Data(value))
            .on("are", async |Args((a, b)): Args<(bool, Option<bool>)>| Args((a, b)))
            .on("raw", async |Raw(arguments): Raw| Reply::json(arguments.as_json()));
        let server = Server::new(namespace);
        let mut peer = Peer::join(&server, via).await;
        peer.ask(r#"421["is",false]"#, "431[false]").await;
        peer.ask(r#"422["are",false,false]"#, "432[false,false]").await;
        peer.ask(r#"423["raw",false,0,""]"#, r#"433["[false,0,\"\"]"]"#).await;
        server.io().emit("is", false).await.unwrap();
        peer.expect(r#"42["is",false]"#).await;
    }
}
