//! The page of `examples/chat-jwt`: types checked and bundled.

use std::process::Command;

use crate::command::succeeds;
use crate::npm::PAGE;
use crate::outcome::Outcome;
use crate::root::Root;

pub(crate) fn run(root: &Root) -> Outcome {
    Outcome::of(succeeds(Command::new("npm").args(["run", "build"]).current_dir(root.join(PAGE))))
}
