//! A socket as the UI knows it.

use std::collections::BTreeMap;

use http::HeaderName;
use serde::Serialize;
use serde_json::{Map, Value};
use sockeye::{Id, Room, Socket, handshake};

use crate::{clock, random::ClientIds};

/// What admins are told of a socket.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SerializedSocket {
    id: Id,
    client_id: String,
    transport: &'static str,
    nsp: String,
    data: Map<String, Value>,
    handshake: Handshake,
    rooms: Vec<Room>,
}

/// The request that opened its session, without what the client sent along to be admitted.
#[derive(Serialize)]
struct Handshake {
    address: String,
    headers: BTreeMap<String, String>,
    query: Map<String, Value>,
    issued: u64,
    secure: bool,
    time: String,
    url: String,
    xdomain: bool,
}

impl SerializedSocket {
    /// As it is, in all its rooms.
    pub(crate) fn of(socket: &Socket, ids: &ClientIds, hidden: &[HeaderName]) -> Self {
        Self::with_rooms(socket, socket.rooms(), ids, hidden)
    }

    /// As it is told of when it has just come: in no room but its own.
    pub(crate) fn new(socket: &Socket, ids: &ClientIds, hidden: &[HeaderName]) -> Self {
        Self::with_rooms(socket, vec![Room::from(socket.id())], ids, hidden)
    }

    fn with_rooms(socket: &Socket, rooms: Vec<Room>, ids: &ClientIds, hidden: &[HeaderName]) -> Self {
        Self {
            id: socket.id(),
            client_id: ids.of(socket.handshake().sid().as_str()),
            transport: socket.transport().name(),
            nsp: socket.namespace_name().to_owned(),
            data: data(socket),
            handshake: Handshake::of(socket.handshake(), hidden),
            rooms,
        }
    }
}

/// The socket's data, without what nodes keep in it for each other's admins.
pub(crate) fn data(socket: &Socket) -> Map<String, Value> {
    let data = socket.data_json().and_then(|json| serde_json::from_str(&json).ok());
    let mut data: Map<String, Value> = data.unwrap_or_default();
    data.remove("_admin");
    data
}

impl Handshake {
    fn of(handshake: &handshake::Handshake, hidden: &[HeaderName]) -> Self {
        Self {
            address: handshake.address().map(|address| address.to_string()).unwrap_or_default(),
            headers: headers(handshake, hidden),
            query: query(handshake),
            issued: handshake.issued(),
            secure: handshake.is_secure(),
            time: clock::text(handshake.time()),
            url: handshake.uri().to_owned(),
            xdomain: handshake.is_xdomain(),
        }
    }
}

/// One value for each name, as the reference has them: several are joined.
fn headers(handshake: &handshake::Handshake, hidden: &[HeaderName]) -> BTreeMap<String, String> {
    let mut headers: BTreeMap<String, String> = BTreeMap::new();
    for (name, value) in handshake.headers() {
        let name = name.to_ascii_lowercase();
        if hidden.iter().any(|known| known.as_str() == name) {
            headers.insert(name, "[hidden]".to_owned());
            continue;
        }
        let value = String::from_utf8_lossy(value);
        headers
            .entry(name)
            .and_modify(|known| {
                known.push_str(", ");
                known.push_str(&value);
            })
            .or_insert_with(|| value.into_owned());
    }
    headers
}

/// The last value of each name.
fn query(handshake: &handshake::Handshake) -> Map<String, Value> {
    let pairs = handshake.query_pairs();
    pairs.map(|(name, value)| (name.into_owned(), Value::String(value.into_owned()))).collect()
}
