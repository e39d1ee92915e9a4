//! Whole-system tests: stock clients and browsers against sockeye.

#![forbid(unsafe_code)]
