//! What those who look on are told, and in which order.

use std::sync::Arc;

use sockeye::{Data, DisconnectReason, Id, Io, Joining, Namespace, Observer, Room, Socket, Sockeye};

use crate::kit::{BOTH, Client, Log, settle};

/// Writes everything down, ids as the letters that they are given.
#[derive(Clone, Default)]
struct Diary {
    log: Log,
    known: Arc<std::sync::Mutex<Vec<Id>>>,
}

impl Diary {
    fn letter(&self, id: Id) -> char {
        let mut known = self.known.lock().unwrap();
        let at = known.iter().position(|known| *known == id).unwrap_or_else(|| {
            known.push(id);
            known.len() - 1
        });
        char::from(b'A' + at as u8)
    }

    fn room(&self, what: &str, namespace: &str, room: &Room, socket: Id) {
        let room = room.as_id().map_or_else(|| room.as_str().to_owned(), |id| self.letter(id).to_string());
        self.log.write(format!("{what} {namespace} {room} {}", self.letter(socket)));
    }

    /// What was written since the last look.
    fn take(&self, seen: &mut usize) -> Vec<String> {
        let lines = self.log.lines().split_off(*seen);
        *seen += lines.len();
        lines
    }
}

impl Observer for Diary {
    fn socket_joined(&self, socket: &Socket) {
        assert!(socket.connected());
        self.log.write(format!("joined {} {}", socket.namespace_name(), self.letter(socket.id())));
    }

    fn socket_left(&self, socket: &Socket, reason: DisconnectReason) {
        assert!(!socket.connected());
        self.log.write(format!("left {} {reason}", self.letter(socket.id())));
    }

    fn room_created(&self, namespace: &str, room: &Room, socket: Id) {
        self.room("+room", namespace, room, socket);
    }

    fn room_joined(&self, namespace: &str, room: &Room, socket: Id) {
        self.room("+", namespace, room, socket);
    }

    fn room_left(&self, namespace: &str, room: &Room, socket: Id) {
        self.room("-", namespace, room, socket);
    }

    fn room_deleted(&self, namespace: &str, room: &Room, socket: Id) {
        self.room("-room", namespace, room, socket);
    }
}

#[tokio::test(start_paused = true)]
async fn sockets_and_rooms_are_told_in_the_reference_s_order() {
    for via in BOTH {
        let (diary, io) = (Diary::default(), Io::new());
        // Also before the server is built.
        let _guard = io.observe(Arc::new(diary.clone()));
        let chat = Namespace::new()
            .admit(async |Joining(socket): Joining| socket.join("chosen").await.unwrap())
            .on("join", async |socket: Socket, Data(room): Data<String>| {
                socket.join([room.as_str(), room.as_str()]).await.unwrap();
                socket.join(room).await.unwrap();
            })
            .on("leave", async |socket: Socket, Data(room): Data<String>| {
                socket.leave(["never", room.as_str()]).await.unwrap();
            });
        let app = Sockeye::builder().handle(&io).namespace("/", chat).build().router();
        let mut seen = 0;
        let (mut ada, id) = Client::join(&app, via).await;
        assert_eq!(
            diary.take(&mut seen),
            ["+room / A A", "+ / A A", "+room / chosen A", "+ / chosen A", "joined / A"]
        );
        let (mut bob, _) = Client::join(&app, via).await;
        assert_eq!(diary.take(&mut seen), ["+room / B B", "+ / B B", "+ / chosen B", "joined / B"]);

        ada.send(r#"421["join","tea"]"#).await;
        assert_eq!(ada.packet().await, "431[]");
        assert_eq!(diary.take(&mut seen), ["+room / tea A", "+ / tea A"], "the second join is none");
        bob.send(&format!(r#"421["join","{id}"]"#)).await;
        assert_eq!(bob.packet().await, "431[]");
        assert_eq!(diary.take(&mut seen), ["+ / A B"], "the room of another's id is there already");
        ada.send(&format!(r#"422["leave","{id}"]"#)).await;
        assert_eq!(ada.packet().await, "432[]");
        assert_eq!(diary.take(&mut seen), ["- / A A"]);

        ada.send("41").await;
        settle().await;
        let left = ["- / chosen A", "- / tea A", "-room / tea A", "left A client namespace disconnect"];
        assert_eq!(diary.take(&mut seen), left);
        bob.vanish().await;
        diary.log.wait(seen + 7).await;
        let left = [
            "- / B B",
            "-room / B B",
            "- / chosen B",
            "-room / chosen B",
            "- / A B",
            "-room / A B",
            "left B",
        ];
        let told = diary.take(&mut seen);
        assert!(told.iter().zip(left).all(|(told, left)| told.starts_with(left)), "{told:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn who_is_not_let_in_is_not_told_of() {
    let (diary, io) = (Diary::default(), Io::new());
    io.observe(Arc::new(diary.clone())).detach();
    let closed = Namespace::new().admit(async |Joining(socket): Joining| {
        socket.join("chosen").await.unwrap();
        Err::<(), _>(http::StatusCode::FORBIDDEN)
    });
    let app = Sockeye::builder().handle(&io).namespace("/", closed).build().router();
    let mut client = Client::open(&app, BOTH[0]).await;
    client.send("40").await;
    assert!(client.packet().await.starts_with("44"));
    client.vanish().await;
    settle().await;
    assert!(diary.log.lines().is_empty(), "{:?}", diary.log);
}

#[tokio::test(start_paused = true)]
async fn an_observer_that_holds_the_handle_goes_with_the_server() {
    struct Holds {
        _io: Io,
        _alive: Arc<()>,
    }
    impl Observer for Holds {}
    let (io, alive) = (Io::new(), Arc::new(()));
    io.observe(Arc::new(Holds { _io: io.clone(), _alive: alive.clone() })).detach();
    let sockeye = Sockeye::builder().handle(&io).namespace("/", Namespace::new()).build();
    assert_eq!(Arc::strong_count(&alive), 2);
    drop(sockeye);
    assert_eq!(Arc::strong_count(&alive), 1);
}
