// What each version of the stock client is asked to do; callbacks only, since the old ones have no promises.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { ask, collect, connect, fence, next, noted, open, pause } from "./lib/story.mjs";
import { settled, story, transport, within } from "./lib/story.mjs";

const polling = transport === "polling";

/** The arguments of the acknowledgement. */
function request(socket, event, ...args) {
  const answered = new Promise((resolve) => socket.emit(event, ...args, (...answer) => resolve(answer)));
  return within(answered, `no ack of \`${event}\``);
}

/** Numbers instead of bytes, which arrive as a Buffer or as an ArrayBuffer. */
const numbers = (bytes) => [...new Uint8Array(bytes)];

/** The package that the tests ask for really is that version; `socket.io-client` is whatever is newest. */
function version() {
  const { CLIENT: name } = process.env;
  const { version } = JSON.parse(readFileSync(new URL(`node_modules/${name}/package.json`, import.meta.url)));
  const [, wanted = ""] = name.split("socket.io-client-");
  assert.ok(`${version}.`.startsWith(wanted && `${wanted}.`), `${name} is ${version}`);
}

async function connects() {
  const socket = open();
  const welcome = next(socket, "welcome");
  await settled(socket);
  assert.deepEqual(await welcome, ["Hey!", { nested: ["ünï", null, 1.5] }, 42, true]);
  assert.equal(socket.io.engine.transport.name, polling ? "polling" : "websocket");
  assert.notEqual(socket.id, socket.io.engine.id);
  return socket;
}

async function events(socket) {
  const sent = ["text €", -7, { list: [1, { two: "2" }] }, null];
  const back = next(socket, "several-back");
  socket.emit("several", ...sent);
  assert.deepEqual(await back, sent);
}

async function acknowledgements(socket) {
  assert.deepEqual(await request(socket, "add", 2, 3), [5, "added"]);
  socket.on("add", (one, other, answer) => answer(one + other, "made"));
  assert.deepEqual(await request(socket, "ask-me"), ["made 42"]);
}

async function binary(socket) {
  const back = next(socket, "bytes-back");
  socket.emit("bytes", "twice", Buffer.from([1, 2]), { name: "deep", bytes: Uint8Array.from([3, 4, 5]).buffer });
  const [name, first, plain, item] = await back;
  assert.deepEqual([name, numbers(first), plain], ["twice", [1, 2], { plain: true }]);
  assert.deepEqual([item.name, numbers(item.bytes)], ["deep", [3, 4, 5]]);

  const large = Buffer.alloc(100_000, 7);
  for (const bytes of [Buffer.alloc(0), large]) {
    const [echo] = await request(socket, "echo-bytes", { name: "echo", bytes });
    assert.equal(Buffer.compare(Buffer.from(echo.bytes), bytes), 0);
  }
  socket.on("give-bytes", (word, answer) => answer({ name: word, bytes: Buffer.from([0, 255]) }));
  assert.deepEqual(await request(socket, "ask-me-for-bytes"), [[0, 255]]);
}

async function rooms(alice) {
  const [bob, carol] = await Promise.all([connect(), connect()]);
  const sockets = [alice, bob, carol];
  const told = sockets.map((socket) => collect(socket, "told"));
  for (const socket of [alice, bob]) assert.deepEqual(await request(socket, "join", "lobby"), [true]);
  alice.emit("tell-room", "lobby", "hello");
  await request(alice, "where");
  await fence(...sockets);
  const texts = told.map((list) => list.map(([text, bytes]) => [text, numbers(bytes)]));
  assert.deepEqual(texts, [[], [["hello", [1, 2, 3]]], []]);
  assert.deepEqual(await request(bob, "leave", "lobby"), [true]);
  alice.emit("tell-room", "lobby", "nobody");
  await request(alice, "where");
  await fence(...sockets);
  assert.equal(told.flat().length, 1);
  for (const socket of [bob, carol]) socket.disconnect();
}

async function namespaces(main) {
  const chat = await settled(main.io.socket("/chat"));
  assert.deepEqual(await request(chat, "where"), ["/chat"]);
  assert.deepEqual(await request(main, "where"), ["/"]);
  assert.notEqual(chat.id, main.id);

  const refused = open("/admin");
  const [error] = await next(refused, "connect_error");
  assert.ok(error instanceof Error);
  assert.equal(error.message, "Not for you");
  assert.deepEqual(error.data, { code: "token_missing", tries: [1, 2] });
  assert.equal(refused.connected, false);
  const admin = await connect("/admin", { auth: { token: "abcd" } });
  assert.deepEqual(await request(admin, "where"), ["/admin"]);

  const unknown = main.io.socket("/nowhere");
  assert.equal((await next(unknown, "connect_error"))[0].message, "Invalid namespace");

  // The end of one namespace is not the end of another.
  const left = next(chat, "disconnect");
  chat.emit("hang-up");
  assert.equal((await left)[0], "io server disconnect");
  assert.deepEqual(await request(main, "where"), ["/"]);
}

/** Ends one socket; each side must give its own reason. */
async function ends(atServer, atClient, how) {
  const socket = await connect();
  const { id } = socket;
  const left = next(socket, "disconnect");
  await how(socket);
  await noted(`${id} ${atServer}`);
  assert.equal((await left)[0], atClient);
}

async function reasons() {
  await ends("client namespace disconnect", "io client disconnect", (socket) => socket.disconnect());
  await ends("server namespace disconnect", "io server disconnect", (socket) => socket.emit("hang-up"));
  await ends("transport close", "forced close", (socket) => socket.io.engine.close());
  await ends("transport error", polling ? "transport error" : "transport close", async (socket) => {
    if (polling) {
      // Until its GET waits at the server.
      await pause(100);
      return ask("network", "cut");
    }
    return socket.io.engine.transport.ws._socket.write(Buffer.from([0xff, 0x80, 0, 0, 0, 0]));
  });
  await ask("network", "works");
  await ends("ping timeout", "ping timeout", async (socket) => {
    const { id } = socket;
    await ask("network", "frozen");
    await next(socket, "disconnect");
    // Not sooner: the server would hear of the client's own end.
    await noted(`${id} ping timeout`);
    await ask("network", "works");
  });
  await ends("server shutting down", "transport close", () => ask("stop"));
}

await story(async () => {
  version();
  const socket = await connects();
  await events(socket);
  await acknowledgements(socket);
  await binary(socket);
  await rooms(socket);
  await namespaces(socket);
  socket.disconnect();
  await reasons();
});
