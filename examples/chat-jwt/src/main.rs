//! A chat with login, JWT cookies, rooms and private messages.

fn main() {}
