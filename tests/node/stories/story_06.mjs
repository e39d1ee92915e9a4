// The answer that never comes: the client's own delay ends the wait, and nothing else is disturbed.
import assert from "node:assert/strict";
import { connect, notes, story } from "../lib/story.mjs";

await story(async () => {
  const socket = await connect();
  const began = performance.now();
  const error = await new Promise((resolve) => socket.timeout(300).emit("never", resolve));
  assert.match(error.message, /timed out/);
  assert.ok(performance.now() - began >= 290);
  assert.deepEqual(await socket.timeout(5000).emitWithAck("request"), { status: "ok" });
  assert.deepEqual(await notes(), ["never", "request"]);
});
