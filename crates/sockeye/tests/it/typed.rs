//! Events as types, and the contract of a namespace.

use std::panic::{AssertUnwindSafe, catch_unwind};

use serde::{Deserialize, Serialize};
use sockeye::{
    AckError, Admitted, Args, BroadcastError, Contract, Data, EmitError, Encoded, EventType, Handler,
    Namespace, RateLimitPerSocket, Reply, Socket, Sockeye,
};

use crate::kit::{BOTH, Client, Via, serve};

#[derive(Deserialize, EventType)]
#[event("message", ack = Sent, ts = "{ text: string }", ack_ts = "{ id: number }")]
struct NewMessage {
    text: String,
}

#[derive(Serialize)]
struct Sent {
    id: usize,
}

#[derive(Deserialize, EventType)]
#[event("move")]
struct Move(i32, i32);

#[derive(Serialize, EventType)]
#[event("joined", ts = String::from("{ name: string }"))]
struct Joined {
    name: String,
}

#[derive(Serialize, EventType)]
#[event("question", ack = u32)]
struct Question(&'static str);

/// Of the same name as [`Joined`].
#[derive(Serialize, EventType)]
#[event("joined")]
struct OtherJoined;

async fn message(_: Option<Admitted<u8>>, new: NewMessage) -> Result<Sent, Reply> {
    match new.text.len() {
        0 => Err(Reply::error("empty", "say something")),
        id => Ok(Sent { id }),
    }
}

async fn moved(Move(x, y): Move) {
    assert!(x < y, "told by a panic");
}

fn contract() -> Contract {
    Contract::new().accepts::<NewMessage>().accepts::<Move>().emits::<Joined>().emits::<Question>()
}

#[tokio::test(start_paused = true)]
async fn name_payload_and_ack_come_from_the_type() {
    for via in BOTH {
        let app = serve(
            Namespace::new().handle::<NewMessage, _>(message).handle::<Move, _>(moved).contract(contract()),
        );
        let (mut client, _) = Client::join(&app, via).await;
        for (packet, answer) in [
            (r#"421["message",{"text":"hello"}]"#, r#"431[{"id":5}]"#),
            (r#"422["message",{"text":""}]"#, r#"432[{"error":{"code":"empty","message":"say something"}}]"#),
            (r#"423["move",[1,2]]"#, "433[]"),
        ] {
            client.send(packet).await;
            assert_eq!(client.packet().await, answer);
        }
        client.send(r#"424["message",{"text":7}]"#).await;
        let answer = client.packet().await;
        assert!(answer.contains("invalid_payload") && answer.contains("0.text"), "{answer}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_event_is_emitted_by_its_type_to_one_and_to_many() {
    for via in BOTH {
        let namespace = Namespace::new().on("go", async |socket: Socket| {
            let joined = Joined { name: "ada".to_owned() };
            socket.emit_event(&joined).await?;
            socket.compress(false).emit_event(&joined).await?;
            socket.namespace().emit_event(&joined).await?;
            let answer = socket.emit_event_with_ack(&Question("how old?"));
            let everybody = socket.namespace().emit_event_with_ack(&Question("and you?")).await?;
            tokio::spawn(async move {
                let sum = answer.await.unwrap() + everybody.collected().await.answers[0].1;
                socket.emit("sum", sum).await.unwrap();
            });
            Ok::<_, BroadcastError>(())
        });
        let app = serve(namespace);
        let (mut client, _) = Client::join(&app, via).await;
        client.send(r#"42["go"]"#).await;
        for _ in 0..3 {
            assert_eq!(client.packet().await, r#"42["joined",{"name":"ada"}]"#);
        }
        assert_eq!(client.packet().await, r#"420["question","how old?"]"#);
        assert_eq!(client.packet().await, r#"421["question","and you?"]"#);
        client.send_all(&["430[40]", "431[2]"]).await;
        assert_eq!(client.packet().await, r#"42["sum",42]"#);
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_not_in_the_contract_is_not_emitted() {
    fn refused(outcome: &Result<(), EmitError>) -> bool {
        matches!(outcome, Err(EmitError::NotInContract(_)))
    }
    fn all_refused(outcome: &Result<(), BroadcastError>) -> bool {
        matches!(outcome, Err(BroadcastError::Emit(EmitError::NotInContract(_))))
    }
    let namespace = Namespace::new()
        .contract(contract().accepts::<OtherQuestion>())
        .handle::<NewMessage, _>(message)
        .handle::<Move, _>(moved)
        .handle::<OtherQuestion, _>(async |socket: Socket, _: OtherQuestion| {
            let all = socket.namespace();
            assert!(refused(&socket.emit("other", ()).await));
            assert!(refused(&socket.try_emit("other", ())));
            assert!(refused(&socket.send(1).await), "the event `message` is one that it accepts");
            assert!(refused(&socket.emit_event(&OtherJoined).await), "another type of the same name");
            let other = Encoded::new("other", ()).unwrap();
            assert!(refused(&socket.emit_encoded(&other).await));
            let asked = socket.emit_with_ack::<u8>("other", ()).await;
            assert!(matches!(asked, Err(AckError::Emit(EmitError::NotInContract(_)))));
            assert!(all_refused(&all.emit("other", ()).await));
            assert!(all_refused(&all.emit_encoded(&other).await));
            assert!(all_refused(&all.emit_event(&OtherJoined).await));
            assert!(all.emit_with_ack::<u8>("other", ()).await.is_err());
            // In it: by its type, and by its name.
            socket.emit_event(&Joined { name: "ada".to_owned() }).await.unwrap();
            all.emit("joined", "bob").await.unwrap();
            Args(("two", 2))
        });
    let app = serve(namespace);
    let (mut client, _) = Client::join(&app, Via::WebSocket).await;
    client.send(r#"421["question",null]"#).await;
    for packet in [r#"42["joined",{"name":"ada"}]"#, r#"42["joined","bob"]"#, r#"431["two",2]"#] {
        assert_eq!(client.packet().await, packet);
    }
}

/// Also the name of one that the server asks.
#[derive(Deserialize, EventType)]
#[event("question", ack = Args<(&'static str, u32)>)]
struct OtherQuestion;

#[tokio::test(start_paused = true)]
async fn a_typed_handler_may_have_layers_of_its_own() {
    let limited = message.layer(RateLimitPerSocket::new(1, std::time::Duration::from_secs(1)));
    let app = serve(Namespace::new().handle::<NewMessage, _>(limited));
    let (mut client, _) = Client::join(&app, Via::WebSocket).await;
    for answer in [r#"[{"id":1}]"#, "rate_limited"] {
        client.send(r#"421["message",{"text":"x"}]"#).await;
        assert!(client.packet().await.contains(answer));
    }
}

/// What building a server with this namespace panics with.
fn fails(namespace: impl FnOnce() -> Namespace) -> String {
    let build = || drop(Sockeye::builder().namespace("/", namespace()).build());
    let panic = catch_unwind(AssertUnwindSafe(build)).expect_err("it is built");
    panic.downcast_ref::<String>().cloned().unwrap_or_default()
}

#[test]
fn a_contract_is_checked_when_the_server_is_built() {
    let typed = || Namespace::new().handle::<NewMessage, _>(message);
    let missing = fails(|| typed().contract(contract()));
    assert!(missing.contains("Move") && missing.contains("no handler"), "{missing}");
    let surplus = fails(|| typed().contract(contract()).handle::<Move, _>(moved).on("more", async || {}));
    assert!(surplus.contains(r#""more" has a handler, and is not in the contract"#), "{surplus}");
    let other = fails(|| typed().contract(Contract::new().accepts::<Imposter>()));
    assert!(other.contains("Imposter") && other.contains("another type"), "{other}");
    let twice = fails(|| Namespace::new().contract(Contract::new().emits::<Joined>().emits::<OtherJoined>()));
    assert!(twice.contains("OtherJoined"), "{twice}");
    let reserved = fails(|| Namespace::new().contract(Contract::new().emits::<Reserved>()));
    assert!(reserved.contains("reserved"), "{reserved}");
    // An untyped handler is one all the same, and the fallback may answer the rest.
    let untyped = Namespace::new()
        .on("message", async |Data(_): Data<String>| {})
        .on("move", async || {})
        .fallback(async || {});
    drop(Sockeye::builder().namespace("/", untyped.contract(contract())).build());
}

#[derive(Deserialize, EventType)]
#[event("message")]
struct Imposter {}

#[derive(EventType)]
#[event("disconnect")]
struct Reserved;

#[test]
fn a_contract_writes_the_types_of_the_browser_s_side() {
    let text = contract().typescript();
    for line in [
        "export interface ClientToServerEvents {\n",
        r#"  "message": (data: { text: string }, ack?: (answer: { id: number } | EventError) => void) => void;"#,
        r#"  "move": (data: unknown, ack?: (error?: EventError) => void) => void;"#,
        "export interface ServerToClientEvents {\n",
        r#"  "joined": (data: { name: string }, ack?: (error?: EventError) => void) => void;"#,
        r#"  "question": (data: unknown, ack?: (answer: unknown | EventError) => void) => void;"#,
    ] {
        assert!(text.contains(line), "{text}");
    }
}
