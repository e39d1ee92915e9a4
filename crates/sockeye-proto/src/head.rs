//! A compact copy of a request head.
