// Parts of the application's state, in admission and in events.
import assert from "node:assert/strict";
import { connect, story } from "../lib/story.mjs";

await story(async () => {
  const socket = await connect();
  assert.deepEqual(await socket.emitWithAck("state"), ["a database", "a database", 7]);
});
