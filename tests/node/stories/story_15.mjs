// Rooms are left at disconnect: full inside `on_disconnect`, gone right after it.
import assert from "node:assert/strict";
import { ask, connect, noted, story } from "../lib/story.mjs";

await story(async () => {
  const socket = await connect();
  const { id } = socket;
  await socket.emitWithAck("join", "room1");
  assert.equal(await ask("members", "room1"), 1);
  socket.disconnect();
  await noted(`left ${[id, "room1"].sort().join(" ")}`);
  assert.equal(await ask("members", "room1"), 0);
  assert.equal(await ask("members", id), 0);
});
