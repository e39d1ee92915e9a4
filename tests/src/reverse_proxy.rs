//! A reverse proxy of the system, run with a configuration that a page of the docs shows.

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use tokio::net::{TcpListener, TcpStream};
use tokio::process::{Child, Command};
use tokio::time::sleep;

/// A running proxy; it ends when this is dropped.
#[derive(Debug)]
pub struct ReverseProxy {
    address: SocketAddr,
    folder: PathBuf,
    _process: Child,
}

/// The proxies that `docs/deploying.md` configures.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// The block that is marked `nginx`.
    Nginx,
    /// The block that is marked `haproxy`.
    HaProxy,
}

impl ReverseProxy {
    /// Starts it with the page's configuration, in which only what a test needs is replaced: the
    /// addresses of the two servers and its own, and how much of the machine it may take.
    ///
    /// # Panics
    /// When the page has no such block, the program is not installed, or it does not listen in time.
    pub async fn start(kind: Kind, servers: [SocketAddr; 2]) -> Self {
        let address = free_address().await;
        let name = match kind {
            Kind::Nginx => "nginx",
            Kind::HaProxy => "haproxy",
        };
        let [one, two] = servers.map(|server| server.to_string());
        let shown = block(name).replace("127.0.0.1:3001", &one).replace("127.0.0.1:3002", &two);
        let folder = std::env::temp_dir().join(format!("sockeye-{name}-{}", address.port()));
        fs::create_dir_all(&folder).expect("the folder for temporary files is writable");
        let (configuration, mut command) = match kind {
            Kind::Nginx => {
                let mut command = Command::new("nginx");
                command
                    .arg("-p")
                    .arg(&folder)
                    .arg("-e")
                    .arg("stderr")
                    .arg("-c")
                    .arg(folder.join("proxy.conf"));
                (nginx(&shown, address), command)
            }
            Kind::HaProxy => {
                let mut command = Command::new("haproxy");
                command.arg("-db").arg("-f").arg(folder.join("proxy.conf"));
                (haproxy(&shown, address), command)
            }
        };
        fs::write(folder.join("proxy.conf"), configuration).expect("the folder is writable");
        let process =
            command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).kill_on_drop(true);
        let process = process.spawn();
        let process = process.unwrap_or_else(|error| {
            panic!("cannot start {name}: {error}; `cargo xtask test whole-system` installs it")
        });
        let proxy = Self { address, folder, _process: process };
        proxy.until_it_listens().await;
        proxy
    }

    /// Where it listens.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    async fn until_it_listens(&self) {
        let end = Instant::now() + Duration::from_secs(10);
        while TcpStream::connect(self.address).await.is_err() {
            assert!(Instant::now() < end, "the proxy does not listen");
            sleep(Duration::from_millis(20)).await;
        }
    }
}

impl Drop for ReverseProxy {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// What only a test needs: its own port, one process in the foreground, and nothing outside of its folder.
fn nginx(shown: &str, address: SocketAddr) -> String {
    let folders = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
    let folders: String =
        folders.iter().map(|folder| format!("    {folder}_temp_path {folder};\n")).collect();
    let shown = shown.replace("listen 8080;", &format!("listen {address};"));
    let shown = shown.replace("http {\n", &format!("http {{\n    access_log off;\n{folders}"));
    format!("daemon off;\nmaster_process off;\npid proxy.pid;\n{shown}")
}

/// Its own port, and no more connections than the machine of a test has descriptors for.
fn haproxy(shown: &str, address: SocketAddr) -> String {
    shown.replace("127.0.0.1:8080", &address.to_string()).replace("maxconn 20000", "maxconn 200")
}

/// The first block of the page that is marked with this language.
fn block(language: &str) -> String {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/deploying.md");
    let page = fs::read_to_string(page).expect("the page exists");
    let (_, rest) = page.split_once(&format!("```{language}\n")).expect("the page has the block");
    let (block, _) = rest.split_once("```").expect("the block ends");
    block.to_owned()
}

async fn free_address() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback has a free port");
    listener.local_addr().expect("a bound listener has an address")
}
