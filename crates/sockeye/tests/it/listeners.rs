//! Listeners of one socket, beside the handlers of its namespace.

use std::{
    future::{Ready, ready},
    sync::Arc,
    time::Duration,
};

use sockeye::{Acker, Args, Attachments, Data, EventName, ListenerId, Namespace, NoAck, Raw, Socket};
use tokio::time::sleep;

use crate::{
    kit::{BOTH, Client, Gate, Log, Via, eventually, serve, settle},
    order::Slow,
};

/// What a listener does that only says that it was there.
fn says(log: &Log, text: &'static str) -> impl Fn() -> Ready<()> + Clone + Send + Sync + 'static + use<> {
    let log = log.clone();
    move || {
        log.write(text);
        ready(())
    }
}

#[tokio::test(start_paused = true)]
async fn listeners_run_around_the_handler_in_the_order_of_their_registration() {
    for via in BOTH {
        let log = Log::default();
        let (handled, l) = (log.clone(), log.clone());
        let app = serve(Namespace::new().on("news", async move || handled.write("handler")).on_connect(
            async move |socket: Socket| {
                let (one, two, any, first) = (l.clone(), l.clone(), l.clone(), l.clone());
                socket.on("news", async move || one.write("on 1"));
                socket.on_any(async move |EventName(name): EventName| any.write(format!("any {name}")));
                socket.once("news", async move || two.write("once"));
                socket.prepend_any(async move || first.write("first"));
                let three = l.clone();
                socket.on("news", async move || three.write("on 2"));
            },
        ));
        let (mut client, _) = Client::join(&app, via).await;
        client.send(r#"421["news"]"#).await;
        assert_eq!(client.packet().await, "431[]", "all have returned `()`");
        assert_eq!(log.lines(), ["first", "any news", "handler", "on 1", "once", "on 2"]);
        client.send(r#"422["news"]"#).await;
        assert_eq!(client.packet().await, "432[]");
        assert_eq!(log.lines()[6..], ["first", "any news", "handler", "on 1", "on 2"]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_listener_of_every_event_gets_name_arguments_and_bytes() {
    for via in BOTH {
        let log = Log::default();
        let seen = log.clone();
        let app = serve(Namespace::new().on_connect(async move |socket: Socket| {
            let seen = seen.clone();
            socket.on_any(async move |EventName(name): EventName, Raw(arguments): Raw| {
                let bytes = arguments.attachments().concat();
                seen.write(format!("{name} {} {bytes:?}", arguments.as_json()));
            });
        }));
        let (mut client, _) = Client::join(&app, via).await;
        let packet = r#"451-["catch-all",1,"2",{"3":"4","5":{"_placeholder":true,"num":0}}]"#;
        client.send_binary(packet, &[&[6, 7]]).await;
        let expected = r#"catch-all [1,"2",{"3":"4","5":{"_placeholder":true,"num":0}}] [6, 7]"#;
        assert_eq!(log.wait(1).await, [expected]);
    }
}

#[tokio::test(start_paused = true)]
async fn the_first_answer_wins() {
    for via in BOTH {
        let app = serve(
            Namespace::new()
                .on("handler", async || Data("handler"))
                .on("silent", async || {})
                .on("never", async || NoAck)
                .on_connect(async |socket: Socket| {
                    for name in ["handler", "silent", "never", "alone"] {
                        socket.on(name, async || {});
                        socket.on(name, async || Data("listener"));
                        socket.on(name, async || Data("too late"));
                    }
                    socket.on("both", async |acker: Acker| drop(acker.send("by hand")));
                    socket.on("both", async || Data("returned"));
                    socket.on("later", async |acker: Acker| {
                        sleep(Duration::from_secs(3)).await;
                        drop(acker.send("later"));
                    });
                    socket.on("binary", async |Attachments(parts): Attachments| Args((parts.len(), 2)));
                    socket.on("nothing", async || {});
                }),
        );
        let (mut client, _) = Client::join(&app, via).await;
        for (name, answer) in [
            ("handler", r#"["handler"]"#),
            ("silent", r#"["listener"]"#),
            ("never", r#"["listener"]"#),
            ("alone", r#"["listener"]"#),
            ("both", r#"["by hand"]"#),
            ("later", r#"["later"]"#),
            ("binary", "[0,2]"),
            ("nothing", "[]"),
        ] {
            client.send(&format!(r#"425["{name}"]"#)).await;
            assert_eq!(client.packet().await, format!("435{answer}"), "{name}");
        }
        client.assert_silent().await;
    }
}

#[tokio::test(start_paused = true)]
async fn who_listens_to_every_event_may_answer_but_makes_none_known() {
    let app = serve(Namespace::new().on_connect(async |socket: Socket| {
        socket.on_any(async |EventName(name): EventName, acker: Acker| {
            if name.starts_with("mine") {
                sleep(Duration::from_secs(1)).await;
                drop(acker.send("taken"));
            }
        });
    }));
    let (mut client, _) = Client::join(&app, Via::WebSocket).await;
    client.send(r#"421["mine"]"#).await;
    assert_eq!(client.packet().await, r#"431["taken"]"#);

    let app = serve(Namespace::new().on_connect(async |socket: Socket| {
        socket.on_any(async || {});
    }));
    let (mut client, _) = Client::join(&app, Via::WebSocket).await;
    client.send(r#"421["whatever"]"#).await;
    assert!(client.packet().await.contains("unknown_event"));
}

#[tokio::test(start_paused = true)]
async fn the_fallback_is_for_events_that_nobody_listens_to_by_name() {
    let app = serve(
        Namespace::new().fallback(async |EventName(name): EventName| Data(format!("fallback {name}"))).on(
            "listen",
            async |socket: Socket, Data(name): Data<String>| {
                socket.on_any(async || {});
                socket.once(name, async || Data("listener"));
            },
        ),
    );
    let (mut client, _) = Client::join(&app, Via::WebSocket).await;
    for (packet, answer) in [
        (r#"421["a"]"#, r#"431["fallback a"]"#),
        (r#"422["listen","a"]"#, "432[]"),
        (r#"423["a"]"#, r#"433["listener"]"#),
        (r#"424["a"]"#, r#"434["fallback a"]"#),
    ] {
        client.send(packet).await;
        assert_eq!(client.packet().await, answer);
    }
}

#[tokio::test(start_paused = true)]
async fn listeners_are_removed_by_id_by_name_and_all_together() {
    let log = Log::default();
    let l = log.clone();
    let namespace = Namespace::new().on_connect(async move |socket: Socket| {
        let by_id = socket.on("a", says(&l, "a 1"));
        socket.on("a", says(&l, "a 2"));
        assert!(socket.off(by_id));
        assert!(!socket.off(by_id), "once");
        socket.on("b", says(&l, "b"));
        socket.once("b", says(&l, "b once"));
        assert_eq!(socket.off_event("b"), 2);
        assert_eq!(socket.off_event("b"), 0);
        let any = socket.on_any(says(&l, "any"));
        socket.on_any(says(&l, "every"));
        assert_eq!(socket.listeners_any().len(), 2);
        assert!(socket.off(any));
        let removed = Arc::new(std::sync::OnceLock::<ListenerId>::new());
        let (own, of, said) = (removed.clone(), socket.clone(), l.clone());
        let id = socket.on("self", async move || {
            said.write("self");
            assert!(of.off(*own.get().unwrap()));
        });
        removed.set(id).unwrap();
        assert_eq!(socket.listeners("self"), [id]);
        assert_eq!(socket.listeners("a").len(), 1);
        assert_eq!(socket.listeners("nobody"), []);
        let mut names = socket.event_names();
        names.sort();
        assert_eq!(names.iter().map(|name| &**name).collect::<Vec<_>>(), ["a", "self"]);
        let (of, said) = (socket.clone(), l.clone());
        socket.on("all", async move || {
            of.off_all();
            assert_eq!(of.event_names(), []);
            assert_eq!(of.listeners_any().len(), 1);
            said.write("all");
        });
    });
    let app = serve(namespace.on("every", async |socket: Socket| socket.off_any()));
    let (mut client, _) = Client::join(&app, Via::WebSocket).await;
    for event in ["a", "b", "self", "self", "all", "a", "every", "a"] {
        client.send(&format!(r#"421["{event}"]"#)).await;
        client.packet().await;
    }
    let expected = ["every", "a 2", "every", "every", "self", "every", "every", "all", "every", "every"];
    assert_eq!(log.lines(), expected);
}

#[tokio::test(start_paused = true)]
async fn the_next_event_waits_until_every_listener_is_in_its_body() {
    for via in BOTH {
        let log = Log::default();
        let (l, next) = (log.clone(), log.clone());
        let app = serve(Namespace::new().on("next", async move || next.write("next")).on_connect(
            async move |socket: Socket| {
                let (slow, last) = (l.clone(), l.clone());
                socket.on("event", async move |_: Slow| {
                    slow.write("slow");
                    sleep(Duration::from_secs(9)).await;
                    slow.write("end");
                });
                socket.on("event", async move || last.write("last"));
            },
        ));
        let (mut client, _) = Client::join(&app, via).await;
        client.send_all(&[r#"42["event"]"#, r#"42["next"]"#]).await;
        assert_eq!(log.wait(4).await, ["slow", "last", "next", "end"]);
    }
}

#[tokio::test(start_paused = true)]
async fn what_still_runs_when_the_event_is_answered_goes_on() {
    for via in BOTH {
        let log = Log::default();
        let gate = Gate::closed();
        let (l, entrance) = (log.clone(), gate.clone());
        let app = serve(Namespace::new().on("ask", async || Data("at once")).sequential().on_connect(
            async move |socket: Socket| {
                let (l, entrance) = (l.clone(), entrance.clone());
                socket.on("ask", async move || {
                    entrance.pass().await;
                    l.write("passed");
                    Data("too late")
                });
            },
        ));
        let (mut client, _) = Client::join(&app, via).await;
        client.send_all(&[r#"421["ask"]"#, r#"422["ask"]"#]).await;
        assert_eq!(client.packet().await, r#"431["at once"]"#);
        // It counts as under way, so in a sequential namespace the next event waits for it.
        client.assert_silent().await;
        gate.let_pass(1);
        assert_eq!(client.packet().await, r#"432["at once"]"#);
        assert_eq!(log.lines(), ["passed"]);
        gate.let_pass(1);
        log.wait(2).await;
        client.assert_silent().await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_panic_costs_the_listener_that_panics_and_nobody_else() {
    let log = Log::default();
    let (l, handled) = (log.clone(), log.clone());
    let app = serve(Namespace::new().on("a", async move || handled.write("handler")).on_connect(
        async move |socket: Socket| {
            socket.on_any(async || -> () { panic!("in a listener of every event") });
            socket.on("a", says(&l, "listener"));
        },
    ));
    let (mut client, _) = Client::join(&app, Via::WebSocket).await;
    for ack in 1..3 {
        client.send(&format!(r#"42{ack}["a"]"#)).await;
        let internal = r#"[{"error":{"code":"internal","message":"internal error"}}]"#;
        assert_eq!(client.packet().await, format!("43{ack}{internal}"));
    }
    assert_eq!(log.lines(), ["handler", "listener", "handler", "listener"]);
}

#[tokio::test(start_paused = true)]
async fn listeners_are_dropped_with_the_end_of_their_socket_though_they_own_it() {
    for via in BOTH {
        let alive = Arc::new(());
        let kept = alive.clone();
        let late = Arc::new(());
        let too_late = late.clone();
        let (sockets, mut joined) = tokio::sync::mpsc::unbounded_channel();
        let app = serve(Namespace::new().on_connect(async move |socket: Socket| {
            let (own, kept) = (socket.clone(), kept.clone());
            socket.on("a", async move || drop((own, kept)));
            let (own, any) = (socket.clone(), Arc::clone(&alive));
            socket.on_any(async move || drop((own, any)));
            sockets.send((socket, Arc::downgrade(&alive))).unwrap();
        }));
        let (client, _) = Client::join(&app, via).await;
        let (socket, alive) = joined.recv().await.unwrap();
        assert_eq!(alive.strong_count(), 4);
        client.vanish().await;
        assert!(eventually(|| alive.strong_count() == 2).await, "{} are left", alive.strong_count());
        socket.on("a", async move || drop(too_late));
        assert_eq!(Arc::strong_count(&late), 1, "nothing is kept for a socket that has left");
        assert_eq!(socket.event_names(), []);
        settle().await;
    }
}

#[tokio::test(start_paused = true)]
async fn joining_leaving_and_acks_are_no_events_for_anybody() {
    for via in BOTH {
        let log = Log::default();
        let (l, left) = (log.clone(), log.clone());
        let app = serve(
            Namespace::new()
                .on_disconnect(async move || left.write("gone"))
                .on("ask", async |socket: Socket| {
                    let asked = socket.emit_with_ack::<u8>("question", ());
                    tokio::spawn(async move { socket.emit("heard", asked.await.unwrap()).await });
                })
                .on_connect(async move |socket: Socket| {
                    let any = l.clone();
                    socket.on_any(async move |EventName(name): EventName| any.write(&*name));
                    for name in ["connect", "disconnect", "disconnecting", "ack"] {
                        socket.on(name, says(&l, "never"));
                    }
                }),
        );
        let (mut client, _) = Client::join(&app, via).await;
        client.send(r#"42["ask"]"#).await;
        assert_eq!(client.packet().await, r#"420["question"]"#);
        client.send("430[7]").await;
        assert_eq!(client.packet().await, r#"42["heard",7]"#);
        client.send("41").await;
        assert_eq!(log.wait(2).await, ["ask", "gone"]);
    }
}
