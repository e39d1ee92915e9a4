//! An example as its own process, as a newcomer runs it.

use std::collections::HashMap;
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader};
use tokio::process::{Child, Command};
use tokio::sync::Mutex;
use tokio::time::{sleep, timeout};

use crate::notes::Notes;

/// A running example; it can be stopped and started again on the same port.
#[derive(Debug)]
pub struct Example {
    program: PathBuf,
    env: Vec<(String, String)>,
    log: Notes,
    address: SocketAddr,
    child: Mutex<Option<Child>>,
}

impl Example {
    /// Builds the program of that package if needed, and starts it with these variables on a free port of loopback. It
    /// is told its port by PORT, and says `listening on http://…` when it is there.
    ///
    /// # Panics
    /// When it does not start.
    pub async fn start(package: &str, env: &[(&str, &str)]) -> Self {
        let program = build(package).await;
        let env: Vec<_> = env.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let log = Notes::default();
        let (child, address) = run(&program, &env, 0, &log).await;
        Self { program, env, log, address, child: Mutex::new(Some(child)) }
    }

    /// Where it listens.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// The lines of its log.
    #[must_use]
    pub fn log(&self) -> Vec<String> {
        self.log.all()
    }

    /// Asks it to end, as a supervisor does, and waits until it has.
    ///
    /// # Panics
    /// When it does not end well and in time.
    pub async fn stop(&self) {
        let Some(mut child) = self.child.lock().await.take() else { return };
        let id = child.id().expect("it runs").to_string();
        let asked = Command::new("kill").args(["-TERM", &id]).status().await;
        assert!(asked.is_ok_and(|status| status.success()), "kill works");
        let ended = timeout(Duration::from_secs(30), child.wait()).await.expect("it ends in time");
        assert!(ended.is_ok_and(|status| status.success()), "it ends well");
    }

    /// Starts again on the same port.
    ///
    /// # Panics
    /// When it does not start.
    pub async fn start_again(&self) {
        let (child, _) = run(&self.program, &self.env, self.address.port(), &self.log).await;
        *self.child.lock().await = Some(child);
    }
}

/// The program's path. Cargo does not build the binary of another package for a test, so it is asked to.
async fn build(package: &str) -> PathBuf {
    static BUILT: Mutex<Option<HashMap<String, PathBuf>>> = Mutex::const_new(None);
    let mut built = BUILT.lock().await;
    let built = built.get_or_insert_default();
    if let Some(program) = built.get(package) {
        return program.clone();
    }
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let mut command = Command::new(cargo);
    command.args(["build", "--package", package, "--message-format", "json"]);
    let output = command.stderr(Stdio::inherit()).output().await.expect("cargo starts");
    assert!(output.status.success(), "{package} builds");
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    let executable =
        printed.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok()).find_map(|message| {
            let built = message.pointer("/target/name").and_then(Value::as_str) == Some(package);
            message.get("executable").and_then(Value::as_str).filter(|_| built).map(PathBuf::from)
        });
    let program = executable.expect("cargo names the program");
    built.insert(package.to_owned(), program.clone());
    program
}

async fn run(program: &PathBuf, env: &[(String, String)], port: u16, log: &Notes) -> (Child, SocketAddr) {
    let mut command = Command::new(program);
    command
        .env("PORT", port.to_string())
        .env("NO_COLOR", "1")
        .envs(env.iter().map(|(name, value)| (name, value)));
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    let mut child = command.spawn().expect("it starts");
    let earlier = log.all().len();
    keep(child.stdout.take(), log);
    keep(child.stderr.take(), log);
    // The first start of chat-jwt builds its page.
    let listening = timeout(Duration::from_secs(180), async {
        loop {
            let line = log.all().into_iter().skip(earlier).find_map(|line| {
                line.split_once("listening on http://").map(|(_, address)| address.trim().to_owned())
            });
            if let Some(address) = line {
                return address;
            }
            if let Ok(Some(status)) = child.try_wait() {
                panic!("{} ended with {status}: {:#?}", program.display(), log.all());
            }
            sleep(Duration::from_millis(20)).await;
        }
    });
    let address =
        listening.await.unwrap_or_else(|_| panic!("{} does not listen: {:#?}", program.display(), log.all()));
    let address = address.parse().expect("it logs its address");
    (child, address)
}

/// Copies lines to the log as they come.
fn keep(stream: Option<impl AsyncRead + Unpin + Send + 'static>, log: &Notes) {
    let log = log.clone();
    tokio::spawn(async move {
        let Some(stream) = stream else { return io::Result::Ok(()) };
        let mut lines = BufReader::new(stream).lines();
        while let Some(line) = lines.next_line().await? {
            log.add(line);
        }
        Ok(())
    });
}
