//! The life of a server's process.

use std::io::{self, Read as _, Write as _};
use std::net::Ipv4Addr;
use std::process;
use std::thread;

use tokio::net::{TcpListener, TcpSocket};
use tokio::runtime::Builder;

use super::Options;

/// Serves on a free port of loopback, which is said on stdout as `ready PORT`, until stdin is closed: so no server outlives
/// whoever started it.
///
/// # Errors
/// When nothing can be listened on, or the server ends by itself.
pub fn run<F, S>(options: Options, serve: S) -> io::Result<()>
where
    S: FnOnce(TcpListener, Options) -> F + Send + 'static,
    F: Future<Output = io::Result<()>> + Send + 'static,
{
    let runtime = Builder::new_multi_thread().worker_threads(options.workers).enable_all().build()?;
    end_with_stdin();
    runtime.block_on(async move {
        let listener = listen()?;
        say(&format!("ready {}", listener.local_addr()?.port()))?;
        // On a worker, and not beside them on the thread that waits: so `--workers 1` is one thread.
        tokio::spawn(serve(listener, options)).await?
    })
}

fn listen() -> io::Result<TcpListener> {
    let socket = TcpSocket::new_v4()?;
    socket.bind((Ipv4Addr::LOCALHOST, 0).into())?;
    // A storm of connections is to meet the server, not the queue in front of it.
    socket.listen(BACKLOG)
}

fn say(line: &str) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    writeln!(stdout, "{line}")?;
    stdout.flush()
}

fn end_with_stdin() {
    thread::spawn(|| {
        let mut ignored = [0; 64];
        while io::stdin().read(&mut ignored).is_ok_and(|read| read > 0) {}
        process::exit(0);
    });
}

const BACKLOG: u32 = 4096;
