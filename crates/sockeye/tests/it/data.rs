//! What an application keeps with its sockets, and who sees it.

use serde::{Deserialize, Serialize};
use sockeye::{Data, DataError, Joining, Namespace, Socket, Sockeye};

use crate::kit::{BOTH, Client};

#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
struct Player {
    name: String,
    score: u32,
}

#[tokio::test(start_paused = true)]
async fn data_is_set_before_and_at_connect_read_in_an_event_and_seen_from_outside() {
    for via in BOTH {
        let game = Namespace::new()
            .data::<Player>()
            .admit(async |Joining(socket): Joining| {
                let ada = Player { name: "ada".to_owned(), score: 0 };
                assert!(socket.data().set(&ada).is_ok());
            })
            .on_connect(async |socket: Socket| {
                assert!(socket.data().update(|player: &mut Player| player.score = 1).is_ok());
            })
            .on("score", async |socket: Socket| {
                let wrong = socket.data().get::<Vec<u8>>();
                assert!(matches!(wrong, Err(DataError::OtherType { .. })));
                Data(socket.data().field::<u32>("score").unwrap())
            });
        let sockeye = Sockeye::builder().namespace("/", game).build();
        let (mut client, id) = Client::join(&sockeye.router(), via).await;
        client.send(r#"421["score"]"#).await;
        assert_eq!(client.packet().await, "431[1]");
        let sockets = sockeye.io().of("/").sockets().await.unwrap();
        assert_eq!(sockets[0].id().as_str(), id);
        assert_eq!(sockets[0].data().unwrap(), Some(Player { name: "ada".to_owned(), score: 1 }));
        assert_eq!(sockets[0].data_json(), Some(r#"{"name":"ada","score":1}"#));
    }
}
