// Request and answer, with a promise; and an answer of two arguments.
import assert from "node:assert/strict";
import { connect, story } from "../lib/story.mjs";

await story(async () => {
  const socket = await connect();
  assert.deepEqual(await socket.timeout(5000).emitWithAck("request2", { foo: "bar" }, "baz"), { status: "ok" });
  assert.deepEqual(await new Promise((resolve) => socket.emit("two", (...args) => resolve(args))), [1, { two: 2 }]);
});
