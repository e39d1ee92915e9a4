//! An Engine.IO 4 server as a tower service: HTTP long-polling, WebSocket, and the upgrade between them.
