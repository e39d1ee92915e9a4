//! Whole-system tests: stock clients and browsers against sockeye.
