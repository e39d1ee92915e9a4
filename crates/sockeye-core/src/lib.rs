//! What extractors and adapters of sockeye name: the socket, events, replies, broadcasts and rooms.
