//! Measures what one hostile client can take from the server: memory, and the time of another client.
//!
//! `cargo xtask attack` builds it with optimizations and runs it. It starts itself a second time as the server, once for
//! each row, and, niced, a third time as the flood, so that what is measured is the server's. All figures are the kernel's
//! about the server's process, or another client's clock. It ends with an error when a bound is broken.

#![forbid(unsafe_code)]

use std::{env, error::Error, process::ExitCode, time::Instant};

mod delay;
mod memory;
mod process;
mod server;
mod wire;

type Failure = Box<dyn Error + Send + Sync>;

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match arguments.as_slice() {
        ["serve"] => server::serve().map(|()| true),
        ["flood", row, port] => delay::flood(row, port).map(|()| true),
        ["memory"] => memory::run(""),
        ["memory", only] => memory::run(only),
        ["delay"] => delay::run(""),
        ["delay", only] => delay::run(only),
        [] => everything(),
        _ => Err("usage: attack [memory|delay [words of a row's name]]".into()),
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn everything() -> Result<bool, Failure> {
    let began = Instant::now();
    println!("## Memory that one hostile client holds\n");
    let memory = memory::run("")?;
    println!("\n## Time that one hostile client takes from another client\n");
    let delay = delay::run("")?;
    println!("\n{} s", began.elapsed().as_secs());
    Ok(memory && delay)
}
