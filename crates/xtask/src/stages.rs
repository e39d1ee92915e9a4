//! The stages that run a tool.

pub(crate) mod features;
pub(crate) mod licences;
pub(crate) mod lint;
pub(crate) mod million;
pub(crate) mod page;
pub(crate) mod test;
pub(crate) mod toolchain;
