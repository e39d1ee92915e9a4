//! A Socket.IO server that an axum router mounts as one more route.
