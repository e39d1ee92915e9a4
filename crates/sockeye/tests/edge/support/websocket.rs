//! RFC 6455 by hand, the client's side.

use super::{Answer, Connection, Request, Server, http::sid};

/// What the server sends on a websocket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Frame {
    Text(String),
    Binary(Vec<u8>),
    Pong(Vec<u8>),
    /// The close frame, with its code if it has one.
    Close(Option<u16>),
    /// The end of the connection.
    End,
}

/// A websocket.
#[derive(Debug)]
pub(crate) struct WebSocket {
    pub(crate) connection: Connection,
}

/// A whole message as one masked frame; `opcode` 1 is text, 2 binary, 8 close, 9 ping, 10 pong.
pub(crate) fn frame(opcode: u8, payload: impl AsRef<[u8]>) -> Vec<u8> {
    fragment(0x80 | opcode, payload)
}

/// A masked frame with any first byte.
pub(super) fn fragment(first: u8, payload: impl AsRef<[u8]>) -> Vec<u8> {
    const MASK: [u8; 4] = [0x12, 0x34, 0x56, 0x78];
    let payload = payload.as_ref();
    let mut bytes = vec![first];
    match payload.len() {
        short @ 0..126 => bytes.push(0x80 | u8::try_from(short).unwrap()),
        medium @ 126..0x1_0000 => {
            bytes.push(0x80 | 126);
            bytes.extend(u16::try_from(medium).unwrap().to_be_bytes());
        }
        long => {
            bytes.push(0x80 | 127);
            bytes.extend(u64::try_from(long).unwrap().to_be_bytes());
        }
    }
    bytes.extend(MASK);
    bytes.extend(payload.iter().zip(MASK.iter().cycle()).map(|(byte, mask)| byte ^ mask));
    bytes
}

impl WebSocket {
    /// Speaks frames on a connection that has got its 101.
    pub(crate) const fn new(connection: Connection) -> Self {
        Self { connection }
    }

    /// Sends a text frame.
    pub(crate) async fn send(&mut self, text: &str) {
        self.connection.write(frame(1, text)).await;
    }

    /// Sends text frames in one write.
    pub(crate) async fn send_all(&mut self, texts: &[&str]) {
        self.connection.write(texts.iter().flat_map(|text| frame(1, text)).collect::<Vec<u8>>()).await;
    }

    pub(crate) async fn send_binary(&mut self, bytes: &[u8]) {
        self.connection.write(frame(2, bytes)).await;
    }

    /// Sends one fragment of a message, with this first byte (its highest bit says that it is the last one).
    pub(crate) async fn send_fragment(&mut self, first: u8, payload: impl AsRef<[u8]>) {
        self.connection.write(fragment(first, payload)).await;
    }

    /// The next frame as it is: its first byte, and its payload.
    pub(crate) async fn raw(&mut self) -> (u8, Vec<u8>) {
        let head = self.connection.take(2).await;
        let length = match head[1] {
            126 => self.connection.take(2).await,
            127 => self.connection.take(8).await,
            short => vec![short],
        };
        let length = length.iter().fold(0, |length, byte| length << 8 | usize::from(*byte));
        (head[0], self.connection.take(length).await)
    }

    /// The next frame. The server sends whole messages, unmasked and uncompressed. Nothing is lost when nobody waits
    /// for it to the end.
    pub(crate) async fn next(&mut self) -> Frame {
        let [first, second] = *self.connection.peek(2).await else { return Frame::End };
        assert_eq!((first & 0xf0, second & 0x80), (0x80, 0), "not a whole, plain, unmasked frame");
        let head = match second {
            126 => 4,
            127 => 10,
            _ => 2,
        };
        let length = match self.connection.peek(head).await.get(2..) {
            None | Some([]) => usize::from(second),
            Some(bytes) => bytes.iter().fold(0, |length, byte| length << 8 | usize::from(*byte)),
        };
        self.connection.peek(head + length).await;
        self.connection.take(head).await;
        let payload = self.connection.take(length).await;
        assert_eq!(payload.len(), length, "the connection ended inside a frame");
        match first & 0x0f {
            1 => Frame::Text(String::from_utf8(payload).unwrap()),
            2 => Frame::Binary(payload),
            8 => Frame::Close(payload.try_into().ok().map(u16::from_be_bytes)),
            10 => Frame::Pong(payload),
            other => panic!("unexpected opcode {other}"),
        }
    }

    /// The next frame, which is text.
    pub(crate) async fn text(&mut self) -> String {
        match self.next().await {
            Frame::Text(text) => text,
            other => panic!("no text: {other:?}"),
        }
    }

    /// The server closes with this code (or none), and hangs up.
    pub(crate) async fn assert_closed(&mut self, code: Option<u16>) {
        assert_eq!(self.next().await, Frame::Close(code));
        assert_eq!(self.next().await, Frame::End);
    }
}

impl Server {
    /// Asks for a websocket: the answer, and the connection behind it.
    pub(crate) async fn ask_websocket(&self, request: Request) -> (Answer, Connection) {
        let mut connection = self.connect();
        connection.write(request.bytes()).await;
        (connection.answer().await, connection)
    }

    /// A websocket for a session that polls.
    pub(crate) async fn upgrade(&self, sid: &str) -> WebSocket {
        let request = Request::websocket(&format!("EIO=4&transport=websocket&sid={sid}"));
        let (answer, connection) = self.ask_websocket(request).await;
        assert_eq!(answer.status, 101, "{answer:?}");
        WebSocket::new(connection)
    }

    /// Opens a session as a websocket: with its open packet read, and its sid.
    pub(crate) async fn open_websocket(&self) -> (WebSocket, String) {
        self.open_websocket_by(Request::websocket("EIO=4&transport=websocket")).await
    }

    /// As [`open_websocket`](Self::open_websocket), by a request of one's own.
    pub(crate) async fn open_websocket_by(&self, request: Request) -> (WebSocket, String) {
        let (answer, connection) = self.ask_websocket(request).await;
        assert_eq!(answer.status, 101, "{answer:?}");
        let mut websocket = WebSocket::new(connection);
        let sid = sid(&websocket.text().await);
        (websocket, sid)
    }
}
