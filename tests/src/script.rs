//! Runs a script of `tests/node` or `tests/python` and answers its questions.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::process::{Child, Command};
use tokio::time::timeout;

/// A script, and how long it may take.
#[derive(Debug)]
pub struct Script {
    command: Command,
    name: String,
    limit: Duration,
}

impl Script {
    /// A script, by its path inside `tests/node`, or `tests/python` when its name ends in `.py`.
    ///
    /// # Panics
    /// When the packages of its language are not installed.
    #[must_use]
    pub fn new(name: &str) -> Self {
        let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
        let python = Path::new(name).extension().is_some_and(|extension| extension == "py");
        let (folder, packages, program) = if python {
            let environment = tests.join("../target/python");
            (tests.join("python"), environment.clone(), environment.join("bin/python"))
        } else {
            let folder = tests.join("node");
            (folder.clone(), folder.join("node_modules"), "node".into())
        };
        assert!(
            packages.is_dir(),
            "the packages of {name} are missing; `cargo xtask test whole-system` installs them"
        );
        let mut command = Command::new(program);
        command.arg(folder.join(name)).current_dir(folder);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
        Self { command, name: name.to_owned(), limit: Duration::from_secs(60) }
    }

    /// Gives the script an environment variable.
    #[must_use]
    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.command.env(name, value);
        self
    }

    /// Kills the script after this time instead of after a minute.
    #[must_use]
    pub const fn limit(mut self, limit: Duration) -> Self {
        self.limit = limit;
        self
    }

    /// Runs the script to its end.
    ///
    /// # Errors
    /// What it complained about, when it failed or was killed at its limit.
    pub async fn run(mut self, answer: impl AsyncFn(&str, Value) -> Value) -> Result<(), String> {
        let mut child =
            self.command.spawn().map_err(|error| format!("cannot start {}: {error}", self.name))?;
        let mut complaints = String::new();
        let stderr = child.stderr.take();
        let outcome = timeout(self.limit, async {
            let read = async {
                if let Some(mut stderr) = stderr {
                    let _ = stderr.read_to_string(&mut complaints).await;
                }
            };
            let ((), talked) = tokio::join!(read, talk(&mut child, &answer));
            talked?;
            child.wait().await.map_err(|error| error.to_string())
        })
        .await;
        match outcome {
            Ok(Ok(status)) if status.success() && complaints.is_empty() => Ok(()),
            Ok(Ok(status)) => Err(format!("{} ended with {status}\n{complaints}", self.name)),
            Ok(Err(fault)) => Err(format!("{}: {fault}\n{complaints}", self.name)),
            Err(_) => Err(format!("{} took more than {:?}\n{complaints}", self.name, self.limit)),
        }
    }
}

/// Answers questions, one JSON line each way, until the script closes its output.
async fn talk(child: &mut Child, answer: &impl AsyncFn(&str, Value) -> Value) -> Result<(), String> {
    let (Some(stdin), Some(stdout)) = (&mut child.stdin, child.stdout.take()) else {
        return Err("the script's streams are gone".to_owned());
    };
    let mut lines = BufReader::new(stdout).lines();
    while let Some(line) = lines.next_line().await.map_err(|error| error.to_string())? {
        let asked: Value = serde_json::from_str(&line).map_err(|_| format!("the script printed {line:?}"))?;
        let question = asked.get("question").and_then(Value::as_str).unwrap_or_default();
        let value = asked.get("value").cloned().unwrap_or_default();
        let told = format!("{}\n", answer(question, value).await);
        // The script may have ended meanwhile; its exit code says so.
        let _ = stdin.write_all(told.as_bytes()).await;
    }
    Ok(())
}
