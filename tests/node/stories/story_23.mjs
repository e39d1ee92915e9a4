// Catching up by recovery: a connection that is cut three times in a row goes on where it was, binary events included.
import assert from "node:assert/strict";
import { ask, open, settled, story, until } from "../lib/story.mjs";

await story(async () => {
  const socket = open("/", { reconnection: true, reconnectionDelay: 20, reconnectionDelayMax: 50 });
  const seen = [];
  const offsets = [];
  socket.on("news", (text, offset) => {
    seen.push(text);
    offsets.push(offset);
  });
  socket.on("file", (name, bytes) => seen.push(`${name}: ${[...bytes]}`));
  await settled(socket);
  const id = socket.id;
  assert.ok(!socket.recovered);
  await until(async () => (await ask("notes")).length === 1);
  await ask("news", "first");
  await until(() => seen.length === 1);
  const expected = ["first"];
  for (const round of [1, 2, 3]) {
    await ask("network", "cut");
    await until(() => !socket.connected);
    await ask("news", `missed ${round}`);
    await ask("file", round);
    await ask("elsewhere", round);
    await ask("network", "works");
    await until(() => socket.connected);
    assert.equal(socket.recovered, true, `round ${round}`);
    assert.equal(socket.id, id);
    await ask("news", `seen ${round}`);
    expected.push(`missed ${round}`, `file: ${round},255`, `seen ${round}`);
    await until(() => seen.length >= expected.length);
  }
  assert.deepEqual(seen, expected);
  assert.ok(offsets.every((offset) => typeof offset === "string" && offset.length === 20));
  assert.deepEqual(await ask("notes"), [
    "recovered false, in room false, name none",
    ...[1, 2, 3].map(() => "recovered true, in room true, name ada"),
  ]);
  // Who leaves on purpose begins anew.
  socket.disconnect().connect();
  await until(() => socket.connected);
  assert.equal(socket.recovered, false);
  assert.notEqual(socket.id, id);
});
