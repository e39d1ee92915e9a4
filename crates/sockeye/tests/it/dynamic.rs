//! Namespaces that are made for those who come: patterns, functions, parameters, and who emits to whom.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use axum::{Extension, Json, extract::State};
use serde::Deserialize;
use serde_json::Value;
use sockeye::{
    Admitted, Args, BroadcastError, Data, EmitError, Io, Namespace, NamespacePath, Refusal, Socket, Sockeye,
    contract::Contract,
};

use crate::kit::{BOTH, Client, Gate, Log, settle};

#[derive(Debug, Deserialize)]
struct Document {
    tenant: String,
    number: u32,
}

fn names(io: &Io) -> Vec<String> {
    io.namespaces().iter().map(|info| info.name.to_string()).collect()
}

#[tokio::test(start_paused = true)]
async fn a_pattern_makes_namespaces_and_its_parameters_are_read_everywhere() {
    #[derive(Clone, Debug)]
    struct Member(String);
    let log = Log::default();
    let (greeted, parted) = (log.clone(), log.clone());
    let admit = async |NamespacePath(document): NamespacePath<Document>, Json(auth): Json<Value>| {
        let name = auth["name"].as_str().ok_or_else(|| Refusal::new("who are you?"))?;
        Ok::<_, Refusal>(Extension(Member(format!("{name}@{}", document.tenant))))
    };
    let namespace = Namespace::new()
        .admit(admit)
        .on_connect(async move |NamespacePath((tenant, number)): NamespacePath<(String, u32)>| {
            greeted.write(format!("+{tenant}/{number}"));
        })
        .on(
            "whoami",
            async |Admitted(Member(name)): Admitted<Member>,
                   NamespacePath(Document { number, .. }): NamespacePath<Document>| {
                Args((name, number))
            },
        )
        .on("strict", async |NamespacePath(_): NamespacePath<u8>| ())
        .on_disconnect(async move |NamespacePath(document): NamespacePath<Document>| {
            parted.write(format!("-{}/{}", document.tenant, document.number));
        });
    let sockeye = Sockeye::builder().namespace("/of/{tenant}/{number}", namespace).build();
    let (io, app) = (sockeye.io().clone(), sockeye.router());
    for via in BOTH {
        let mut client = Client::open(&app, via).await;
        client.connect(r#"40/of/acme/7,{"name":"ada"}"#).await;
        client.connect(r#"40/of/ü ä/8,{"name":"ada"}"#).await;
        client.send(r#"42/of/acme/7,1["whoami"]"#).await;
        assert_eq!(client.packet().await, r#"43/of/acme/7,1["ada@acme",7]"#);
        client.send(r#"42/of/ü ä/8,1["whoami"]"#).await;
        assert_eq!(client.packet().await, r#"43/of/ü ä/8,1["ada@ü ä",8]"#);
        assert_eq!(names(&io), ["/of/acme/7", "/of/ü ä/8"]);
        assert_eq!(io.namespaces()[0].pattern.as_deref(), Some("/of/{tenant}/{number}"));

        // Parameters that do not fit are told where they are asked for.
        client.send(r#"42/of/acme/7,2["strict"]"#).await;
        let told = r#"{"code":"bad_request","message":"the name has 2 parameters, and one value is asked for","status":400}"#;
        assert_eq!(client.packet().await, format!(r#"43/of/acme/7,2[{{"error":{told}}}]"#));
        client.send(r#"40/of/acme/seven,{"name":"ada"}"#).await;
        let told = "`number` does not fit: invalid digit found in string";
        let data = format!(r#"{{"status":400,"body":"{told}"}}"#);
        let expected: Value =
            serde_json::from_str(&format!(r#"{{"message":"{told}","data":{data}}}"#)).unwrap();
        let packet = client.packet().await;
        let refused = packet.strip_prefix("44/of/acme/seven,").unwrap();
        assert_eq!(serde_json::from_str::<Value>(refused).unwrap(), expected);

        // One that is refused, or asks for what fits nothing, leaves nothing behind.
        client.send("40/of/acme/9,").await;
        assert_eq!(client.packet().await, r#"44/of/acme/9,{"message":"who are you?"}"#);
        for name in ["/of/acme", "/of/acme/7/8", "/of/acme/7?x=1", "/of/{tenant}/{number}"] {
            client.send(&format!("40{name},")).await;
            assert_eq!(client.packet().await, format!(r#"44{name},{{"message":"Invalid namespace"}}"#));
        }
        client.send_all(&["41/of/acme/7,", "41/of/ü ä/8,"]).await;
        settle().await;
        assert_eq!(names(&io), [""; 0]);
    }
    let round = ["+acme/7", "+ü ä/8", "-acme/7", "-ü ä/8"];
    assert_eq!(log.lines(), [round, round].concat());
}

#[tokio::test(start_paused = true)]
async fn the_first_that_fits_wins_and_what_was_added_by_name_wins_over_all() {
    let says = |text: &'static str| Namespace::<bool>::new().on("who", async move || Data(text));
    let yes = async |name: String, auth: Value, on: bool| -> Result<bool, &str> {
        match (name.as_str(), auth["say"].as_str()) {
            ("/a/panics", _) => panic!("a mistake of the application"),
            ("/a/fails", _) => Err("a mistake of somebody else"),
            ("/a/waits", _) => std::future::pending().await,
            (_, say) => Ok(on && say == Some("friend")),
        }
    };
    let sockeye = Sockeye::builder()
        .namespace_if("/a/{name}", yes, says("function"))
        .namespace("/a/{b}", says("pattern"))
        .namespace("/{*rest}", says("rest"))
        .namespace("/a/fixed", says("fixed"))
        .build_with_state(true);
    let (io, app) = (sockeye.io().clone(), sockeye.router());
    for via in BOTH {
        let mut client = Client::open(&app, via).await;
        for (connect, who) in [
            (r#"40/a/fixed,{"say":"friend"}"#, "fixed"),
            (r#"40/a/open,{"say":"friend"}"#, "function"),
            (r#"40/a/closed,{"say":"foe"}"#, "pattern"),
            (r#"40/a/panics,{"say":"friend"}"#, "pattern"),
            (r#"40/a/fails,{"say":"friend"}"#, "pattern"),
            (r#"40/a/b/c,{"say":"friend"}"#, "rest"),
        ] {
            client.connect(connect).await;
            let name = connect[2..].split(',').next().unwrap();
            client.send(&format!(r#"42{name},1["who"]"#)).await;
            assert_eq!(client.packet().await, format!(r#"43{name},1["{who}"]"#));
        }
        // While it exists, nobody is asked again: it is one namespace for all.
        let mut other = Client::open(&app, via).await;
        other.connect(r#"40/a/open,{"say":"foe"}"#).await;
        other.send(r#"42/a/open,1["who"]"#).await;
        assert_eq!(other.packet().await, r#"43/a/open,1["function"]"#);
        // One that does not answer is waited for no longer than for an admission.
        let start = tokio::time::Instant::now();
        other.send("40/a/waits,").await;
        assert_eq!(other.packet().await, r#"44/a/waits,{"message":"admission timed out"}"#);
        assert_eq!(start.elapsed().as_secs(), 10);
        client.send("1").await;
        other.send("1").await;
        settle().await;
        assert_eq!(names(&io), ["/a/fixed"]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_session_that_ends_while_the_application_is_asked_leaves_nothing() {
    let gate = Gate::closed();
    let dropped = std::sync::Arc::new(AtomicBool::new(false));
    struct Drops(std::sync::Arc<AtomicBool>);
    impl Drop for Drops {
        fn drop(&mut self) {
            self.0.store(true, Ordering::SeqCst);
        }
    }
    let (waits, flag) = (gate.clone(), dropped.clone());
    let allow = move |_: String, _: Value, ()| {
        let (pass, drops) = (waits.pass(), Drops(flag.clone()));
        async move {
            let _drops = drops;
            pass.await;
            true
        }
    };
    let sockeye = Sockeye::builder()
        .namespace("/", Namespace::new())
        .namespace_if("/{name}", allow, Namespace::new())
        .build();
    let (io, app) = (sockeye.io().clone(), sockeye.router());
    for via in BOTH {
        dropped.store(false, Ordering::SeqCst);
        let (mut client, _) = Client::join(&app, via).await;
        client.send("40/a,").await;
        settle().await;
        // The others go on meanwhile.
        client.send("41").await;
        client.connect("40").await;
        client.vanish().await;
        settle().await;
        assert!(dropped.load(Ordering::SeqCst), "{via:?}");
        assert_eq!(io.sessions(), 0);
        assert_eq!(names(&io), ["/"]);

        let (mut client, _) = Client::join(&app, via).await;
        client.send("40/a,").await;
        gate.let_pass(1);
        assert!(client.packet().await.starts_with("40/a,{"));
        client.send("1").await;
        settle().await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_broadcast_reaches_all_namespaces_of_a_pattern_or_whoever_is_there_by_then() {
    let joins = async |socket: Socket, Data(room): Data<String>| socket.join(room).await;
    let sockeye = Sockeye::builder().namespace("/t/{id}", Namespace::new().on("join", joins)).build();
    let (io, app) = (sockeye.io().clone(), sockeye.router());
    // Made before anybody is there, and kept.
    let (seven, all) = (io.of("/t/7"), io.of("/t/{id}"));
    seven.emit("nobody", 1).await.unwrap();
    all.emit("nobody", 1).await.unwrap();
    assert_eq!(seven.sockets().await.unwrap().len(), 0);
    assert_eq!(names(&io), [""; 0]);
    let unknown = io.of("/x").emit("nobody", 1).await.unwrap_err();
    assert!(matches!(unknown, BroadcastError::Emit(EmitError::UnknownNamespace(_))), "{unknown:?}");
    for via in BOTH {
        let mut clients = Vec::new();
        for name in ["/t/7", "/t/8", "/t/8"] {
            let mut client = Client::open(&app, via).await;
            let id = client.connect(&format!("40{name},")).await;
            client.send(&format!(r#"42{name},0["join","{name}"]"#)).await;
            assert_eq!(client.packet().await, format!("43{name},0[]"));
            clients.push((client, name, id));
        }
        seven.emit("one", (1, "x")).await.unwrap();
        all.emit("every", 2).await.unwrap();
        all.clone().to("/t/8").except(&*clients[1].2).emit("some", 3).await.unwrap();
        for (at, (client, name, _)) in clients.iter_mut().enumerate() {
            if at == 0 {
                assert_eq!(client.packet().await, format!(r#"42{name},["one",1,"x"]"#));
            }
            assert_eq!(client.packet().await, format!(r#"42{name},["every",2]"#));
            if at == 2 {
                assert_eq!(client.packet().await, format!(r#"42{name},["some",3]"#));
            }
            client.assert_silent().await;
        }
        assert_eq!(all.sockets().await.unwrap().len(), 3);
        assert_eq!((all.count().await.unwrap(), seven.count().await.unwrap()), (3, 1));
        assert_eq!(seven.sockets().await.unwrap().len(), 1);

        // Acks of all, in one stream.
        let mut acks =
            all.clone().timeout(Duration::from_secs(5)).emit_with_ack::<u8>("ask", ()).await.unwrap();
        for (client, name, _) in &mut clients {
            let packet = client.packet().await;
            let (head, _) = packet.split_once('[').unwrap();
            let number = head.strip_prefix(&format!("42{name},")).unwrap();
            client.send(&format!("43{name},{number}[4]")).await;
        }
        let mut sum = 0;
        while let Some((_, answer)) = acks.next().await {
            sum += answer.unwrap();
        }
        assert_eq!(sum, 12);

        all.join("everybody").await.unwrap();
        all.clone().to("/t/8").leave("everybody").await.unwrap();
        assert_eq!(all.clone().to("everybody").sockets().await.unwrap().len(), 1);
        all.disconnect().await.unwrap();
        for (client, name, _) in &mut clients {
            assert_eq!(client.packet().await, format!("41{name},"));
        }
        settle().await;
        assert_eq!(names(&io), [""; 0]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_namespace_lives_until_the_last_handler_in_it_has_ended() {
    let (log, gate) = (Log::default(), Gate::closed());
    let waits = gate.clone();
    let parted = async move |socket: Socket| {
        waits.pass().await;
        drop(socket.namespace().emit("left", socket.id().to_string()).await);
    };
    let created = log.clone();
    let sockeye = Sockeye::builder()
        .namespace("/room/{id}", Namespace::new().on_disconnect(parted))
        .on_namespace(move |namespace| created.write(namespace.name()))
        .build();
    let (io, app) = (sockeye.io().clone(), sockeye.router());
    for via in BOTH {
        let mut first = Client::open(&app, via).await;
        let id = first.connect("40/room/1,").await;
        first.send("1").await;
        settle().await;
        assert_eq!(io.namespaces()[0].sockets, 0);
        // Who comes meanwhile comes into the same one, and hears what is said there.
        let mut second = Client::open(&app, via).await;
        second.connect("40/room/1,").await;
        gate.let_pass(1);
        assert_eq!(second.packet().await, format!(r#"42/room/1,["left","{id}"]"#));
        gate.let_pass(1);
        second.send("1").await;
        settle().await;
        assert_eq!(names(&io), [""; 0]);
    }
    assert_eq!(log.lines(), ["/room/1", "/room/1"]);
}

#[tokio::test(start_paused = true)]
async fn state_reaches_a_function_and_a_panicking_hook_hurts_nobody() {
    let admit = async |State(open): State<bool>| open.then_some(()).ok_or_else(|| Refusal::new("closed"));
    let sockeye = Sockeye::builder()
        .namespace("/{id}", Namespace::new().admit(admit))
        .on_namespace(|_| panic!("a mistake of the application"))
        .build_with_state(true);
    let app = sockeye.router();
    for via in BOTH {
        let mut client = Client::open(&app, via).await;
        client.connect("40/a,").await;
        assert_eq!(sockeye.io().namespaces()[0].sockets, 1);
        client.send("41/a,").await;
        settle().await;
    }
}

#[test]
fn what_cannot_be_is_said_when_the_server_is_built() {
    let panics = |build: fn() -> sockeye::Builder| {
        let panic = std::panic::catch_unwind(|| drop(build())).unwrap_err();
        panic
            .downcast_ref::<String>()
            .cloned()
            .or_else(|| panic.downcast_ref::<&str>().map(|&s| s.into()))
            .unwrap()
    };
    let no = async |_: String, _: Value, ()| false;
    let told = panics(|| Sockeye::builder().namespace("/a/{b", Namespace::new()));
    assert!(told.starts_with("the pattern \"/a/{b\" cannot be read: "), "{told}");
    let told =
        panics(|| Sockeye::builder().namespace("/{a}", Namespace::new()).namespace("/{a}", Namespace::new()));
    assert_eq!(told, "the namespace \"/{a}\" was added twice");
    let told = panics(|| Sockeye::builder().on_namespace(|_| ()).on_namespace(|_| ()));
    assert_eq!(told, "a server has one `on_namespace`");
    // Several functions may look after one pattern, and a pattern after them.
    drop(
        Sockeye::builder()
            .namespace_if("/{a}", no, Namespace::new())
            .namespace_if("/{a}", no, Namespace::new())
            .namespace("/{a}", Namespace::new())
            .build(),
    );
}

#[tokio::test(start_paused = true)]
async fn a_contract_holds_for_what_is_emitted_to_a_pattern_and_to_its_names() {
    #[derive(serde::Serialize, sockeye::EventType)]
    #[event("news")]
    struct News(u8);
    let namespace = Namespace::new().contract(Contract::new().emits::<News>());
    let sockeye = Sockeye::builder().namespace("/t/{id}", namespace).build();
    let (io, app) = (sockeye.io().clone(), sockeye.router());
    for via in BOTH {
        let mut client = Client::open(&app, via).await;
        client.connect("40/t/7,").await;
        for name in ["/t/7", "/t/{id}"] {
            io.of(name).emit_event(&News(1)).await.unwrap();
            assert_eq!(client.packet().await, r#"42/t/7,["news",1]"#);
            let told = io.of(name).emit("rumour", 1).await.unwrap_err();
            assert!(matches!(told, BroadcastError::Emit(EmitError::NotInContract(_))), "{told:?}");
        }
        client.assert_silent().await;
    }
}
