//! HTTP/1.1 by hand.

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, DuplexStream},
    task::JoinHandle,
};

use super::Server;

/// One request. Built, then sent by [`Server::send`] or [`Server::start`] on a connection of its own.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    method: String,
    target: String,
    headers: Vec<(String, String)>,
    body: Option<Vec<u8>>,
}

impl Request {
    pub(crate) fn new(method: &str, target: impl Into<String>) -> Self {
        Self { method: method.to_owned(), target: target.into(), headers: Vec::new(), body: None }
    }

    /// A request to `/socket.io/` with this query.
    pub(crate) fn query(method: &str, query: &str) -> Self {
        Self::new(method, format!("/socket.io/?{query}"))
    }

    /// The GET that opens a session by polling.
    pub(crate) fn open() -> Self {
        Self::query("GET", "EIO=4&transport=polling")
    }

    /// A GET of a session.
    pub(crate) fn poll(sid: &str) -> Self {
        Self::query("GET", &format!("EIO=4&transport=polling&sid={sid}"))
    }

    /// A POST of a session.
    pub(crate) fn post(sid: &str, body: impl AsRef<[u8]>) -> Self {
        Self::query("POST", &format!("EIO=4&transport=polling&sid={sid}"))
            .header("content-type", "text/plain;charset=UTF-8")
            .body(body)
    }

    /// A request for a websocket.
    pub(crate) fn websocket(query: &str) -> Self {
        Self::query("GET", query)
            .header("connection", "Upgrade")
            .header("upgrade", "websocket")
            .header("sec-websocket-version", "13")
            .header("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==")
    }

    pub(crate) fn method(mut self, method: &str) -> Self {
        method.clone_into(&mut self.method);
        self
    }

    pub(crate) fn target(mut self, target: String) -> Self {
        self.target = target;
        self
    }

    /// Sets a header.
    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.retain(|(known, _)| known != name);
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Takes a header away.
    pub(crate) fn without(mut self, name: &str) -> Self {
        self.headers.retain(|(known, _)| known != name);
        self
    }

    pub(crate) fn body(mut self, body: impl AsRef<[u8]>) -> Self {
        self.body = Some(body.as_ref().to_vec());
        self
    }

    /// As it goes over the wire.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let mut head = format!("{} {} HTTP/1.1\r\nhost: a.example\r\n", self.method, self.target);
        for (name, value) in &self.headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        if let Some(body) = &self.body {
            head.push_str(&format!("content-length: {}\r\n", body.len()));
        }
        head.push_str("\r\n");
        [head.as_bytes(), self.body.as_deref().unwrap_or_default()].concat()
    }
}

/// The answer to a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Answer {
    /// The value of a header, named in lower case.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.body
    }

    pub(crate) fn text(&self) -> &str {
        str::from_utf8(&self.body).unwrap()
    }

    /// It is a 200 of Engine.IO packets; gives their text.
    #[track_caller]
    pub(crate) fn packets(&self) -> &str {
        assert_eq!(
            (self.status, self.header("content-type")),
            (200, Some("text/plain; charset=UTF-8")),
            "{self:?}"
        );
        self.text()
    }

    /// It says that a POST was taken.
    #[track_caller]
    pub(crate) fn assert_ok(&self) {
        assert_eq!((self.status, self.header("content-type"), self.text()), (200, Some("text/html"), "ok"));
    }

    /// It is this status without type and body.
    #[track_caller]
    pub(crate) fn assert_empty(&self, status: u16) {
        assert_eq!((self.status, self.header("content-type"), self.text()), (status, None, ""));
    }

    /// It is a 400 with this code and message.
    #[track_caller]
    pub(crate) fn assert_refused(&self, code: u8, message: &str) {
        let json = format!(r#"{{"code":{code},"message":"{message}"}}"#);
        assert_eq!(
            (self.status, self.header("content-type"), self.text()),
            (400, Some("application/json"), &*json)
        );
    }

    /// It says that no such session is (any longer) there.
    #[track_caller]
    pub(crate) fn assert_unknown(&self) {
        self.assert_refused(1, "Session ID unknown");
    }
}

/// A request that is under way.
#[derive(Debug)]
pub(crate) struct Pending(JoinHandle<Answer>);

impl Pending {
    pub(crate) async fn answer(self) -> Answer {
        self.0.await.unwrap()
    }

    /// As [`answer`](Self::answer), for those who may stop waiting and come back.
    pub(crate) async fn answered(&mut self) -> Answer {
        (&mut self.0).await.unwrap()
    }

    pub(crate) fn is_waiting(&self) -> bool {
        !self.0.is_finished()
    }

    /// Cuts the connection.
    pub(crate) async fn abort(self) {
        self.0.abort();
        let _ = self.0.await;
        super::settle().await;
    }
}

impl Server {
    /// Sends a request on a connection of its own and waits for the answer.
    pub(crate) async fn send(&self, request: Request) -> Answer {
        self.start(request).answer().await
    }

    /// Sends a request on a connection of its own.
    pub(crate) fn start(&self, request: Request) -> Pending {
        let mut connection = self.connect();
        Pending(tokio::spawn(async move {
            connection.write(request.bytes()).await;
            connection.answer().await
        }))
    }

    /// Opens a session by polling and gives its sid.
    pub(crate) async fn open(&self) -> String {
        let answer = self.send(Request::open()).await;
        sid(answer.packets())
    }

    /// Starts a GET of a session and lets it arrive.
    pub(crate) async fn poll(&self, sid: &str) -> Pending {
        let pending = self.start(Request::poll(sid));
        super::settle().await;
        pending
    }

    /// A GET that is answered at once with packets.
    pub(crate) async fn fetch(&self, sid: &str) -> String {
        self.send(Request::poll(sid)).await.packets().to_owned()
    }

    /// A POST that is taken.
    pub(crate) async fn post(&self, sid: &str, body: &str) {
        self.send(Request::post(sid, body)).await.assert_ok();
    }
}

/// The sid that an open packet names.
pub(super) fn sid(open: &str) -> String {
    let json = open.strip_prefix('0').unwrap_or_else(|| panic!("no open packet: {open}"));
    let json: serde_json::Value = serde_json::from_str(json).unwrap();
    json["sid"].as_str().unwrap().to_owned()
}

/// A connection, for what whole requests cannot say.
#[derive(Debug)]
pub(crate) struct Connection {
    stream: DuplexStream,
    /// Read too far.
    read: Vec<u8>,
}

impl Connection {
    pub(super) const fn new(stream: DuplexStream) -> Self {
        Self { stream, read: Vec::new() }
    }

    /// Writes; whoever writes to a server that has hung up notices when it reads.
    pub(crate) async fn write(&mut self, bytes: impl AsRef<[u8]>) {
        let _ = self.stream.write_all(bytes.as_ref()).await;
    }

    /// So many bytes, or what came before the end.
    pub(crate) async fn take(&mut self, bytes: usize) -> Vec<u8> {
        while self.read.len() < bytes && self.more().await {}
        let bytes = bytes.min(self.read.len());
        self.read.drain(..bytes).collect()
    }

    /// As [`take`](Self::take), but it stays there.
    pub(super) async fn peek(&mut self, bytes: usize) -> &[u8] {
        while self.read.len() < bytes && self.more().await {}
        &self.read[..bytes.min(self.read.len())]
    }

    /// Everything until the server hangs up.
    pub(crate) async fn rest(&mut self) -> Vec<u8> {
        while self.more().await {}
        std::mem::take(&mut self.read)
    }

    /// The next answer on this connection.
    pub(crate) async fn answer(&mut self) -> Answer {
        self.try_answer().await.expect("the connection ended before an answer")
    }

    /// The next answer on this connection, if one comes.
    pub(crate) async fn try_answer(&mut self) -> Option<Answer> {
        let end = loop {
            match self.read.windows(4).position(|four| four == b"\r\n\r\n") {
                Some(end) => break end,
                None if self.more().await => {}
                None => return None,
            }
        };
        let head: Vec<u8> = self.read.drain(..end + 4).collect();
        let head = String::from_utf8(head).unwrap();
        let mut lines = head.trim_end().split("\r\n");
        let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
        let headers = lines
            .map(|line| line.split_once(": ").unwrap())
            .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
            .collect();
        let mut answer = Answer { status, headers, body: Vec::new() };
        answer.body = match answer.header("content-length") {
            Some(length) => {
                let length = length.parse().unwrap();
                self.take(length).await
            }
            None if answer.header("transfer-encoding").is_some() => self.chunks().await,
            None => Vec::new(),
        };
        Some(answer)
    }

    async fn chunks(&mut self) -> Vec<u8> {
        let mut body = Vec::new();
        loop {
            let mut line = Vec::new();
            while !line.ends_with(b"\r\n") {
                line.extend(self.take(1).await);
            }
            let length = usize::from_str_radix(str::from_utf8(&line).unwrap().trim(), 16).unwrap();
            body.extend(self.take(length).await);
            self.take(2).await;
            if length == 0 {
                return body;
            }
        }
    }

    async fn more(&mut self) -> bool {
        self.stream.read_buf(&mut self.read).await.is_ok_and(|read| read > 0)
    }
}
