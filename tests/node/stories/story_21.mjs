// Catching up by whole state: on every connect the server sends all there is.
import assert from "node:assert/strict";
import { ask, next, open, settled, story, until } from "../lib/story.mjs";

await story(async () => {
  const socket = open("/", { reconnection: true, reconnectionDelay: 20, reconnectionDelayMax: 50 });
  let state = [];
  socket.on("state", (items) => (state = items));
  socket.on("added", (item) => state.push(item));
  await settled(socket);
  await ask("add", "one");
  await until(() => state.length === 1);
  await ask("network", "cut");
  await until(() => !socket.connected);
  await ask("add", "two");
  await ask("add", "three");
  await ask("network", "works");
  await next(socket, "state");
  assert.deepEqual(state, ["one", "two", "three"]);
  assert.deepEqual(state, await ask("all"));
});
