//! Measures what one idle session costs in resident memory, under the router of the README.
//!
//! `cargo run --release -p whole-system --bin idle_memory [sessions]` starts itself a second time as the server and opens
//! that many sessions (2,000 by default) with the headers of a browser and a JWT cookie: websockets that have joined `/`,
//! then, on a server of their own, handshakes by polling that nobody goes on with. It prints the growth of the server's
//! resident set divided by their number; for the websockets once more when each has echoed one message of 16 KB.

use std::{
    env,
    error::Error,
    io::{BufRead, BufReader, Lines, Write},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    time::Duration,
};

use axum::{Router, routing::get};
use sockeye::{Data, Io, Namespace, Socket, Sockeye};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

type Failure = Box<dyn Error + Send + Sync>;

#[tokio::main]
async fn main() -> Result<(), Failure> {
    match env::args().nth(1).as_deref() {
        Some("serve") => serve().await,
        count => {
            let sessions = count.map_or(Ok(2_000), str::parse)?;
            websockets(sessions).await?;
            unclaimed(sessions).await
        }
    }
}

/// The server: prints its port, then its resident kilobytes whenever a line comes in.
async fn serve() -> Result<(), Failure> {
    async fn join(socket: Socket, Data(room): Data<String>) {
        let _ = socket.join(room).await;
    }
    async fn message(Data(text): Data<String>) -> Data<usize> {
        Data(text.len())
    }
    async fn echo(socket: Socket, Data(text): Data<String>) {
        let _ = socket.emit("echo", &text).await;
    }
    let io = Io::new();
    let chat = Namespace::new().on("join", join).on("message", message).on("echo", echo);
    let sockeye = Sockeye::builder().handle(&io).namespace("/", chat).build();
    let app: Router = Router::new().route("/", get(|| async { "a chat" })).merge(sockeye.router());
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("{}", listener.local_addr()?.port());
    std::thread::spawn(|| {
        for _ in std::io::stdin().lines() {
            println!("{}", resident_kilobytes().unwrap_or_default());
        }
        std::process::exit(0);
    });
    Ok(axum::serve(listener, app).await?)
}

/// The server in a process of its own, and what it held before.
struct Server {
    process: Child,
    ask: ChildStdin,
    said: Lines<BufReader<ChildStdout>>,
    port: u16,
    before: u64,
}

impl Server {
    fn start() -> Result<Self, Failure> {
        let mut process = Command::new(env::current_exe()?)
            .arg("serve")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let ask = process.stdin.take().ok_or("the server has no input")?;
        let said = BufReader::new(process.stdout.take().ok_or("the server has no output")?).lines();
        let mut server = Self { process, ask, said, port: 0, before: 0 };
        server.port = server.line()?.parse()?;
        Ok(server)
    }

    /// What the first connections bring (worker threads, lazily made tables) is not theirs.
    async fn warmed_up(&mut self) -> Result<(), Failure> {
        self.before = self.resident().await?;
        Ok(())
    }

    async fn print(&mut self, sessions: usize, what: &str, head: &str) -> Result<(), Failure> {
        let grown = self.resident().await?.saturating_sub(self.before);
        let each = grown * 1024 / u64::try_from(sessions)?;
        println!(
            "{sessions} {what}: {each} bytes of resident memory each, {} of them the request head",
            head.len()
        );
        Ok(())
    }

    /// Kilobytes, when all is quiet.
    async fn resident(&mut self) -> Result<u64, Failure> {
        tokio::time::sleep(Duration::from_secs(2)).await;
        writeln!(self.ask)?;
        Ok(self.line()?.parse()?)
    }

    fn line(&mut self) -> Result<String, Failure> {
        self.said.next().ok_or("the server is gone")?.map_err(Failure::from)
    }

    fn end(mut self) -> Result<(), Failure> {
        drop(self.ask);
        self.process.wait()?;
        Ok(())
    }
}

async fn websockets(sessions: usize) -> Result<(), Failure> {
    let mut server = Server::start()?;
    let head = head(server.port, "websocket");
    let mut open = Vec::with_capacity(sessions + FIRST);
    for _ in 0..FIRST {
        open.push(connect(server.port, &head).await?);
    }
    server.warmed_up().await?;
    for _ in 0..sessions {
        open.push(connect(server.port, &head).await?);
    }
    server.print(sessions, "idle websockets", &head).await?;
    let message = format!(r#"42["echo","{}"]"#, "x".repeat(16 << 10));
    // One masked text frame, masked with zeros.
    let mut frame = vec![0x81, 0x80 | 126];
    frame.extend(u16::try_from(message.len())?.to_be_bytes());
    frame.extend([0; 4]);
    frame.extend(message.as_bytes());
    for stream in &mut open {
        stream.write_all(&frame).await?;
        until(stream, b"x\"]").await?;
    }
    server.print(sessions, "that have each echoed 16 KB", &head).await?;
    server.end()
}

async fn unclaimed(sessions: usize) -> Result<(), Failure> {
    let mut server = Server::start()?;
    let head = head(server.port, "polling");
    for count in 0..sessions + FIRST {
        if count == FIRST {
            server.warmed_up().await?;
        }
        let mut stream = TcpStream::connect(("127.0.0.1", server.port)).await?;
        stream.write_all(head.as_bytes()).await?;
        until(&mut stream, b"\"maxPayload\"").await?;
    }
    server.print(sessions, "unclaimed handshakes by polling", &head).await?;
    server.end()
}

/// A websocket that has joined `/`.
async fn connect(port: u16, head: &str) -> Result<TcpStream, Failure> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await?;
    stream.set_nodelay(true)?;
    stream.write_all(head.as_bytes()).await?;
    until(&mut stream, b"\"maxPayload\"").await?;
    // "40" in one masked text frame, masked with zeros.
    stream.write_all(&[0x81, 0x82, 0, 0, 0, 0, b'4', b'0']).await?;
    until(&mut stream, b"40{\"sid\"").await?;
    Ok(stream)
}

async fn until(stream: &mut TcpStream, wanted: &[u8]) -> Result<(), Failure> {
    let mut seen = Vec::new();
    while !seen.windows(wanted.len()).any(|window| window == wanted) {
        let mut chunk = [0; 1024];
        match stream.read(&mut chunk).await? {
            0 => return Err(String::from_utf8_lossy(&seen).into_owned().into()),
            read => seen.extend(chunk.into_iter().take(read)),
        }
    }
    Ok(())
}

/// What a browser sends, with a JWT of ordinary length as cookie.
fn head(port: u16, transport: &str) -> String {
    let token = format!("{}.{}.{}", "e".repeat(36), "p".repeat(150), "s".repeat(43));
    let connection = match transport {
        "websocket" => {
            "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
             Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
        }
        _ => "Connection: keep-alive\r\nAccept: */*\r\n",
    };
    format!(
        "GET /socket.io/?EIO=4&transport={transport} HTTP/1.1\r\nHost: localhost:{port}\r\n{connection}\
         Pragma: no-cache\r\nCache-Control: no-cache\r\nUser-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 \
         (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36\r\nOrigin: http://localhost:{port}\r\n\
         Accept-Encoding: gzip, deflate, br, zstd\r\nAccept-Language: en-GB,en;q=0.9,de;q=0.8\r\n\
         Cookie: theme=dark; token={token}\r\n\r\n"
    )
}

fn resident_kilobytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.split_whitespace().next()?.parse().ok()
}

/// Sessions that are opened first, and stay.
const FIRST: usize = 50;
