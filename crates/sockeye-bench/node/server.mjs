// The reference server under load: `node server.mjs --engine ws`, and Bun's engine under `bun server.mjs --engine bun`.
//
// What was chosen, and why: newest releases; `ws` with its native add-on `bufferutil`, and the request of the handshake
// dropped, as the reference's guide on performance advises; all else by default, so permessage-deflate is off.
// It serves what `src/server/sockeye.rs` serves, says `ready PORT`, and ends with its stdin.

import { createServer } from "node:http";
import { parseArgs } from "node:util";

import jwt from "jsonwebtoken";
import { Server } from "socket.io";

const { values: options } = parseArgs({
  options: {
    engine: { type: "string", default: "ws" },
    // One thread is all there is.
    workers: { type: "string", default: "1" },
    "ping-interval": { type: "string", default: "25000" },
    "max-payload": { type: "string", default: "1000000" },
  },
});
const settings = {
  pingInterval: Number(options["ping-interval"]),
  maxHttpBufferSize: Number(options["max-payload"]),
};

const servers = { ws: serveByNode, bun: serveByBun };
const [io, port] = await servers[options.engine]();

io.on("connection", (socket) => {
  socket.on("echo", (...args) => socket.emit("echo", ...args));
  socket.on("typed", (order) => socket.emit("typed", order));
  socket.on("ack", (value, ack) => ack(value));
  socket.on("bin", (bytes) => socket.emit("bin", bytes));
  socket.on("all", (text) => io.emit("all", text));
  socket.on("room", (room, text) => io.to(room).emit("room", text));
  socket.on("join", (room, ack) => {
    socket.join(room);
    ack();
  });
  socket.on("leave", (room, ack) => {
    socket.leave(room);
    ack();
  });
});

io.of("/open");
io.of("/jwt").use((socket, next) => {
  try {
    socket.data.user = jwt.verify(socket.handshake.auth.token, "bench-key", { algorithms: ["HS256"] }).sub;
    next();
  } catch {
    next(new Error("Unauthorized"));
  }
});

process.stdin.on("end", () => process.exit(0)).resume();
console.log(`ready ${port}`);

async function serveByNode() {
  const http = createServer((request, response) => {
    if (request.method !== "POST" || request.url !== "/login") {
      response.writeHead(404).end();
      return;
    }
    const token = jwt.sign({ sub: "somebody" }, "bench-key", { expiresIn: "1d" });
    response.writeHead(200, { "set-cookie": `token=${token}; HttpOnly` }).end("welcome");
  });
  const io = new Server(http, { ...settings, serveClient: false });
  io.engine.on("connection", (session) => {
    session.request = null;
  });
  await new Promise((listening) => {
    http.listen({ port: 0, host: "127.0.0.1", backlog: 4096 }, listening);
  });
  return [io, http.address().port];
}

async function serveByBun() {
  const { Server: Engine } = await import("@socket.io/bun-engine");
  const io = new Server();
  const engine = new Engine({ path: "/socket.io/", ...settings });
  io.bind(engine);
  const http = Bun.serve({ port: 0, hostname: "127.0.0.1", ...engine.handler() });
  return [io, http.port];
}
