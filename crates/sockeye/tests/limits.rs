//! `docs/limits.md` is made of the code, and this holds it current. `cargo xtask limits` writes it anew.
#![cfg(test)]
#![cfg(feature = "serve")]

use std::{collections::BTreeSet, fmt::Write, fs, path::PathBuf};

use sockeye::{Limit, Recovery, Sockeye, serve::ServeConfig};
use sockeye_admin::{AdminOptions, Auth};

/// Bounds without a setting: file, constant, what it bounds, and what happens beyond.
const FIXED: &[(&str, &str, &str, &str)] = &[
    (
        "sockeye-engine/src/driver/budget.rs",
        "PACKETS",
        "packets of a session handled in one turn of its task",
        "Other tasks have their turn; the session goes on at once.",
    ),
    (
        "sockeye/src/connection/lanes.rs",
        "STARTS",
        "events of a session started in one turn of its task",
        "Other tasks have their turn; the session goes on at once.",
    ),
    (
        "sockeye/src/connection/lane/events.rs",
        "HOOKS_AHEAD",
        "handlers of a socket's rooms (`on_join` and its like) that have not ended",
        "The next event of the socket waits.",
    ),
    (
        "sockeye-engine/src/driver/outgoing.rs",
        "MAX_CONTROLS",
        "controls that wait to be written on a websocket",
        "The websocket is not read until its client has read.",
    ),
    (
        "sockeye-engine/src/driver/commands.rs",
        "MAX_SOCKETS",
        "websockets of a session that are closing",
        "The oldest is cut.",
    ),
    (
        "sockeye-engine/src/driver/socket.rs",
        "LINGER",
        "time of a closed websocket to write its close frame and to be answered",
        "It is cut.",
    ),
    (
        "sockeye-proto/src/socket/mux/stray.rs",
        "WINDOW",
        "time in which packets count against `max_ignored`",
        "The count begins anew.",
    ),
    (
        "sockeye-proto/src/socket/text.rs",
        "MAX_ACK_ID",
        "number of an ack, where the peers' numbers lose precision",
        "The session closes.",
    ),
    (
        "sockeye-proto/src/websocket/outgoing.rs",
        "MAX_CONTROL",
        "bytes of a websocket's control frame (RFC 6455, section 5.5)",
        "The websocket closes with code 1002.",
    ),
    (
        "sockeye/src/admit/verdict.rs",
        "BODY_LIMIT",
        "bytes of a refusal's body that the client is told",
        "A longer one counts as empty.",
    ),
    (
        "sockeye-core/src/recovery/history.rs",
        "MOST",
        "changes of a socket's rooms that are remembered for its recovery",
        "Whoever would need an earlier one has a new session.",
    ),
    (
        "sockeye-engine/src/origins/warned.rs",
        "MOST",
        "foreign origins that are named in the log",
        "No more are named.",
    ),
    (
        "sockeye-admin/src/auth/tries.rs",
        "MOST_ADDRESSES",
        "addresses whose login tries are counted for the admin UI",
        "Further ones are counted as one.",
    ),
    (
        "sockeye-admin/src/auth/password.rs",
        "MOST_WORKING",
        "passwords of admins that are checked at once",
        "Further ones wait.",
    ),
    (
        "sockeye-admin/src/auth/password.rs",
        "MOST_WAITING",
        "passwords of admins that are checked or wait",
        "Further ones are refused; the server is busy.",
    ),
];

#[test]
fn the_page_of_limits_is_current() {
    let (path, page) = (root().join("docs/limits.md"), page());
    if std::env::var_os("SOCKEYE_WRITE_LIMITS").is_some() {
        fs::write(&path, &page).unwrap();
    }
    let found = fs::read_to_string(&path).unwrap_or_default();
    assert!(found == page, "docs/limits.md is out of date: run `cargo xtask limits`");
}

#[test]
fn every_limit_is_a_setting_of_its_name() {
    let folder = root().join("crates/sockeye/src/builder");
    let sources: String =
        fs::read_dir(folder).unwrap().map(|file| fs::read_to_string(file.unwrap().path()).unwrap()).collect();
    let mut names = BTreeSet::new();
    for limit in Sockeye::builder::<()>().limits() {
        assert!(sources.contains(&format!("pub fn {}(mut self", limit.name)), "{}", limit.name);
        assert!(names.insert(limit.name), "{} is listed twice", limit.name);
    }
}

#[test]
fn what_is_set_is_what_is_shown() {
    let value = |builder: sockeye::Builder, name: &str| {
        builder.limits().into_iter().find(|limit| limit.name == name).unwrap().value
    };
    let builder = || Sockeye::builder().max_payload(2000).max_unclaimed(7).max_rooms(3);
    assert_eq!(value(builder(), "max_payload"), "2,000 bytes");
    assert_eq!(value(builder(), "inbound_budget"), "2,000 bytes");
    assert_eq!(value(builder(), "max_unclaimed"), "7");
    assert_eq!(value(builder(), "max_rooms"), "3");
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn page() -> String {
    let mut page = String::from(
        "# Limits\n\n\
         What a peer can make a server hold, wait for or do has a bound. This page is made of the code by `cargo xtask \
         limits`, and a test holds it current (`the_page_of_limits_is_current`). Settings that make no sense are refused \
         when the server is built.\n",
    );
    section(
        &mut page,
        "A server",
        "Set by the method of that name on `Sockeye::builder()`; `Builder::limits()` lists what a server was given.",
        &Sockeye::builder::<()>().limits(),
    );
    section(
        &mut page,
        "Connection state recovery",
        "Off, unless `Builder::recovery` is given a `Recovery`, of which these are the methods. All namespaces together, \
         but for the last.",
        &Recovery::default().limits(),
    );
    section(&mut page, "`sockeye::serve`", "Fields of `ServeConfig`.", &ServeConfig::default().limits());
    section(
        &mut page,
        "`sockeye_admin::instrument`",
        "Methods of `AdminOptions`, which lists them by `limits()`.",
        &AdminOptions::new(Auth::None).limits(),
    );
    page.push_str("\n## Without a setting\n\n| bound of | value | beyond |\n|---|---|---|\n");
    for (file, name, bounds, beyond) in FIXED {
        writeln!(page, "| {bounds} | {} | {beyond} |", constant(file, name)).unwrap();
    }
    page
}

fn section(page: &mut String, title: &str, intro: &str, limits: &[Limit]) {
    writeln!(page, "\n## {title}\n\n{intro}\n\n| name | default | beyond | seen as |\n|---|---|---|---|")
        .unwrap();
    for Limit { name, value, beyond, seen, .. } in limits {
        assert!(!beyond.is_empty() && !seen.is_empty(), "{name} does not say what happens");
        writeln!(page, "| `{name}` | {value} | {beyond} | {seen} |").unwrap();
    }
}

/// The value of a constant, read from its source.
fn constant(file: &str, name: &str) -> String {
    let source = fs::read_to_string(root().join("crates").join(file)).unwrap();
    let line = source.lines().find(|line| line.contains(&format!("const {name}: ")));
    let (_, value) =
        line.and_then(|line| line.split_once(" = ")).unwrap_or_else(|| panic!("{file} has no {name}"));
    let value = value.trim_end_matches(';');
    match value.strip_prefix("Duration::from_secs(").and_then(|seconds| seconds.strip_suffix(')')) {
        Some(seconds) => format!("{seconds} s"),
        None => value.replace('*', "×").replace("1 << 53", "2^53"),
    }
}
