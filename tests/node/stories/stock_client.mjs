// What the stock client has of its own: listeners, ways of emitting, options, and the events of its manager.
import assert from "node:assert/strict";
import { ask, base, collect, connect, io, next, open, pause, settled, story, transport, until } from "../lib/story.mjs";

/** Catch-all listeners of both directions, `once`, `off`, and all ways to emit. */
async function listeners() {
  const socket = await connect();
  const seen = [];
  const note = (who) => (event) => seen.push(`${who} ${event}`);
  const [last, first, out, before] = ["last", "first", "out", "before"].map(note);
  socket.onAny(last).prependAny(first).onAnyOutgoing(out).prependAnyOutgoing(before);
  assert.deepEqual(socket.listenersAny(), [first, last]);
  assert.deepEqual(socket.listenersAnyOutgoing(), [before, out]);
  const heard = collect(socket, "message");
  socket.once("message", note("once"));
  socket.send("one", 2);
  assert.equal(await socket.emitWithAck("echo", "fence"), "fence");
  const of = (event) => seen.filter((line) => line.endsWith(` ${event}`));
  assert.deepEqual(of("message"), ["before message", "out message", "first message", "last message"]);
  assert.deepEqual(of("one"), ["once one"]);
  assert.deepEqual(heard, [["one", 2]]);

  socket.offAny(first).offAnyOutgoing(before).off("message");
  seen.length = 0;
  socket.send("again", 3);
  await new Promise((resolve) => socket.timeout(5000).emit("echo", "fence", resolve));
  assert.deepEqual(of("message"), ["out message", "last message"]);
  assert.equal(heard.length, 1);
  socket.offAny().offAnyOutgoing().off();
  assert.deepEqual([...socket.listenersAny(), ...socket.listenersAnyOutgoing()], []);

  socket.on("who", (answer) => answer("a client"));
  assert.equal(await socket.emitWithAck("ask-me"), "a client");
  await assert.rejects(socket.timeout(50).emitWithAck("never"), /operation has timed out/);
  socket.disconnect();
}

/** What options put into the request and into CONNECT reaches the server. */
async function options() {
  let tokens = 0;
  const socket = await connect("/", {
    path: "/socket.io/",
    query: { room: "a b" },
    extraHeaders: { "x-client": "all transports" },
    transportOptions: { [transport === "websocket" ? "websocket" : "polling"]: { extraHeaders: { "x-client": "one" } } },
    auth: (done) => done({ token: `token ${(tokens += 1)}` }),
    forceBase64: true,
    timestampRequests: true,
    timestampParam: "stamp",
    ackTimeout: 5000,
    autoUnref: false,
    closeOnBeforeunload: true,
    timeout: 10_000,
  });
  const told = await socket.emitWithAck("handshake");
  assert.match(told.stamp, /./);
  assert.deepEqual({ ...told, stamp: "" }, { room: "a b", client: "one", token: "token 1", stamp: "" });
  const bytes = await socket.emitWithAck("bytes", Buffer.from([0, 255]));
  assert.deepEqual([...new Uint8Array(bytes)], [0, 255]);
  socket.disconnect().connect();
  await settled(socket);
  assert.equal((await socket.emitWithAck("handshake")).token, "token 2", "asked at each connect");
  socket.disconnect();
}

/** One connection for one server, but not for the same namespace twice, nor where a new one is asked for. */
async function connections() {
  const shared = { forceNew: false };
  const main = await connect("/", shared);
  const [chat, again, alone] = [open("/chat", shared), open("/", shared), open("/", { multiplex: false })];
  await Promise.all([chat, again, alone].map(settled));
  assert.equal(chat.io, main.io);
  assert.notEqual(again.io, main.io);
  assert.notEqual(alone.io, main.io);
  assert.equal(await ask("sessions"), 3);
  for (const socket of [main, chat, again, alone]) socket.disconnect();
  await until(async () => (await ask("sessions")) === 0);
}

/** What is emitted before there is a connection, and when it is dead and nobody has noticed, is sent afterwards, once. */
async function offline() {
  const early = open("/", { auth: { token: "abc" } });
  const answered = early.emitWithAck("echo", "early");
  early.volatile.emit("message", "dropped", 0);
  assert.deepEqual([early.id, early.connected, early.disconnected, early.active], [undefined, false, true, true]);
  assert.equal(await answered, "early");
  assert.deepEqual([early.connected, early.disconnected, early.active, !!early.recovered], [true, false, true, false]);
  assert.deepEqual([early.nsp, early.auth, early.io.engine.id.length], ["/", { token: "abc" }, 20]);
  // The last namespace of a connection takes it along.
  assert.equal(await ask("sessions"), 1);
  early.disconnect();
  assert.deepEqual([early.id, early.connected, early.active], [undefined, false, false]);
  await until(async () => (await ask("sessions")) === 0);

  const socket = await connect("/", { reconnection: true, reconnectionDelay: 20 });
  const heard = collect(socket, "message");
  const gone = next(socket, "disconnect");
  // A page that sleeps: no timer runs while the heartbeat's time goes by.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 3000);
  socket.send("late", 1);
  assert.equal((await gone)[0], "ping timeout");
  await until(() => heard.length > 0);
  assert.equal(await socket.emitWithAck("echo", "fence"), "fence");
  assert.deepEqual(heard, [["late", 1]]);
  socket.disconnect();
}

/** The manager's events, from a network that is cut until it works again, or for good. */
async function manager() {
  const fast = { reconnection: true, reconnectionDelay: 20, reconnectionDelayMax: 40, timeout: 3000 };
  const socket = await connect("/", fast);
  const told = [];
  for (const event of ["reconnect_attempt", "reconnect_error", "reconnect", "reconnect_failed"]) {
    socket.io.on(event, () => told.push(event));
  }
  const errors = collect(socket.io, "error");
  await next(socket.io, "ping");
  await ask("network", "cut");
  await until(() => told.includes("reconnect_error"));
  await ask("network", "works");
  await until(() => told.includes("reconnect"));
  assert.equal(told[0], "reconnect_attempt");
  await settled(socket);

  socket.io.reconnectionAttempts(2);
  told.length = 0;
  await ask("network", "cut");
  await until(() => told.length === 5);
  const attempt = ["reconnect_attempt", "reconnect_error"];
  assert.deepEqual(told.sort(), [...attempt, ...attempt, "reconnect_failed"].sort());
  assert.ok(errors.length >= 3, `${errors.length}`);
  await ask("network", "works");
  await settled(socket.connect());
  socket.disconnect();
}

/** Which transport it begins with, and whether it moves. */
async function transports() {
  const all = ["polling", "websocket"];
  const stays = io(base, { forceNew: true, transports: all, upgrade: false });
  await next(stays, "connect");
  await pause(100);
  assert.equal(stays.io.engine.transport.name, "polling");
  stays.disconnect();

  await ask("network", "refuses");
  const falls = io(base, { forceNew: true, transports: ["websocket", "polling"], tryAllTransports: true, upgrade: false });
  await next(falls, "connect");
  assert.equal(falls.io.engine.transport.name, "polling");
  falls.disconnect();
  await ask("network", "works");

  const remembers = io(base, { forceNew: true, transports: all, rememberUpgrade: true });
  await settled(remembers);
  const again = io(base, { forceNew: true, transports: all, rememberUpgrade: true });
  let begins;
  again.io.on("open", () => (begins = again.io.engine.transport.name));
  await next(again, "connect");
  assert.equal(begins, "websocket");
  remembers.disconnect();
  again.disconnect();
}

await story(async () => {
  await listeners();
  await options();
  await connections();
  await offline();
  await manager();
  if (transport === "upgrade") await transports();
});
