//! Measures what one idle websocket costs in resident memory, under the router of the README.
//!
//! `cargo run --release -p whole-system --bin idle_memory [sockets]` starts itself a second time as the server, opens
//! that many websockets (2,000 by default) with the headers of a browser and a JWT cookie, joins `/` on each, and
//! prints the growth of the server's resident set divided by their number.

use std::{
    env,
    error::Error,
    io::{BufRead, BufReader, Write},
    process::{Command, Stdio},
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
        count => measure(count.map_or(Ok(2_000), str::parse)?).await,
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
    let io = Io::new();
    let chat = Namespace::new().on("join", join).on("message", message);
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

async fn measure(sockets: usize) -> Result<(), Failure> {
    let mut server = Command::new(env::current_exe()?)
        .arg("serve")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    let mut ask = server.stdin.take().ok_or("the server has no input")?;
    let mut said = BufReader::new(server.stdout.take().ok_or("the server has no output")?).lines();
    let mut line = || said.next().ok_or("the server is gone")?.map_err(Failure::from);
    let port: u16 = line()?.parse()?;

    // What the first connections bring (worker threads, lazily made tables) is not theirs.
    let mut open = Vec::with_capacity(sockets);
    for _ in 0..50 {
        open.push(connect(port).await?);
    }
    tokio::time::sleep(Duration::from_secs(1)).await;
    writeln!(ask)?;
    let before: u64 = line()?.parse()?;
    for _ in 0..sockets {
        open.push(connect(port).await?);
    }
    tokio::time::sleep(Duration::from_secs(2)).await;
    writeln!(ask)?;
    let after: u64 = line()?.parse()?;
    let each = after.saturating_sub(before) * 1024 / u64::try_from(sockets)?;
    println!(
        "{sockets} idle websockets: {each} bytes of resident memory each, {} of them the request head",
        head(port).len()
    );
    drop(ask);
    server.wait()?;
    Ok(())
}

/// A websocket that has joined `/`.
async fn connect(port: u16) -> Result<TcpStream, Failure> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await?;
    stream.write_all(head(port).as_bytes()).await?;
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
fn head(port: u16) -> String {
    let token = format!("{}.{}.{}", "e".repeat(36), "p".repeat(150), "s".repeat(43));
    format!(
        "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: localhost:{port}\r\nConnection: Upgrade\r\n\
         Pragma: no-cache\r\nCache-Control: no-cache\r\nUser-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 \
         (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36\r\nUpgrade: websocket\r\nOrigin: http://localhost:{port}\r\n\
         Sec-WebSocket-Version: 13\r\nAccept-Encoding: gzip, deflate, br, zstd\r\nAccept-Language: en-GB,en;q=0.9,de;q=0.8\r\n\
         Cookie: theme=dark; token={token}\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    )
}

fn resident_kilobytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.split_whitespace().next()?.parse().ok()
}
