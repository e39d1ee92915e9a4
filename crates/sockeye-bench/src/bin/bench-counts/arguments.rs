//! The command line.

use crate::{Failure, server::Server, workload::WORKLOADS};

/// What is to be counted, and what is to be done with the figures.
#[derive(Debug)]
pub(crate) struct Arguments {
    /// Write the figures down, rather than compare them with those that were.
    pub(crate) record: bool,
    /// How many functions and source files to list for each workload.
    pub(crate) functions: usize,
    /// List where memory is allocated, instead.
    pub(crate) sites: bool,
    /// Whose process.
    pub(crate) server: Server,
    workloads: Vec<String>,
}

impl Arguments {
    /// Reads the arguments of the process, without its name.
    pub(crate) fn read(words: impl Iterator<Item = String>) -> Result<Self, Failure> {
        let mut arguments = Self {
            record: false,
            functions: 0,
            sites: false,
            server: Server::ours()?,
            workloads: Vec::new(),
        };
        let mut words = words.peekable();
        while let Some(word) = words.next() {
            match word.as_str() {
                "--record" => arguments.record = true,
                "--sites" => arguments.sites = true,
                "--functions" => {
                    let most = words.next_if(|word| word.parse::<usize>().is_ok());
                    arguments.functions = most.map_or(Ok(40), |most| most.parse())?;
                }
                "--of" => arguments.server = Server::named(&words.next().ok_or(USAGE)?)?,
                name if WORKLOADS.iter().any(|workload| workload.name == name) => {
                    arguments.workloads.push(word);
                }
                _ => return Err(format!("`{word}` is not understood\n\n{USAGE}").into()),
            }
        }
        if arguments.record && !arguments.is_whole() {
            return Err("only what was counted of all of sockeye is recorded".into());
        }
        Ok(arguments)
    }

    pub(crate) fn wants(&self, workload: &str) -> bool {
        self.workloads.is_empty() || self.workloads.iter().any(|wanted| wanted == workload)
    }

    /// Everything is counted, of sockeye.
    fn is_whole(&self) -> bool {
        self.workloads.is_empty() && self.server.is_ours() && !self.sites
    }
}

const USAGE: &str = "\
usage: cargo xtask bench --counts [--record] [--functions [N]] [--sites] [--of \"SERVER [KIND]\"] [workload ..]
  counts user-space instructions, allocations and system calls of the server's process for each message
  --record     writes the instructions down in crates/sockeye-bench/counts.json; they are compared with it otherwise
  --functions  lists the functions and the source files with most instructions, 40 of each if not said
  --sites      lists where memory is allocated, instead
  --of         another server's binary beside this one, such as \"bench-others bare\"";
