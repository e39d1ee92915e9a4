// Cursor positions to a client that has stopped reading are dropped; everything else arrives, in order.
import assert from "node:assert/strict";
import { ask, base, collect, connect, fence, next, story, transport, until } from "../lib/story.mjs";
import { request, session } from "../lib/http.mjs";

const all = Array.from({ length: 50 }, (_, number) => number);

/** A client that reads gets them all, when they come at the pace of a hand and the machine is not too busy. */
async function reads() {
  const socket = await connect();
  const cursors = collect(socket, "cursor");
  await until(async () => {
    cursors.length = 0;
    await ask("move", { times: 5, every: 50 });
    await fence(socket);
    return cursors.length === 5;
  }, "five cursors of five");
  assert.deepEqual(cursors.map(([text]) => text), [0, 1, 2, 3, 4].map((number) => `move ${number}`));
  return { socket, cursors };
}

/** By websocket: the connection stays unread. */
async function unread() {
  const { socket, cursors } = await reads();
  const plain = collect(socket, "plain");
  const { ws } = socket.io.engine.transport;
  ws.pause();
  const { waiting, sent } = await ask("flood");
  assert.ok(waiting < 200_000, `${waiting} bytes wait`);
  ws.resume();
  const last = next(socket, "last");
  await ask("last");
  await last;
  assert.deepEqual(plain.flat(), all);
  assert.ok(cursors.length < 5 + sent, `${cursors.length} of ${sent}`);
  await until(async () => {
    await ask("move", { times: 1, every: 50 });
    await fence(socket);
    return cursors.at(-1)[0] === "move 0";
  }, "a cursor again");
}

/** By polling: no GET asks. */
async function unasked() {
  await reads();
  const address = await session(base);
  const { waiting } = await ask("flood");
  assert.ok(waiting < 10_000, `${waiting} bytes wait`);
  const answer = await request(address);
  assert.deepEqual(answer.body.toString().split("\x1e"), all.map((number) => `42["plain",${number}]`));
}

await story(() => (transport === "polling" ? unasked() : unread()));
