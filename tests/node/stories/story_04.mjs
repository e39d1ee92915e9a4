// Request and answer, with a callback.
import assert from "node:assert/strict";
import { connect, notes, story } from "../lib/story.mjs";

await story(async () => {
  const socket = await connect();
  const [error, answer] = await new Promise((resolve) => {
    socket.timeout(5000).emit("request", { foo: "bar" }, "baz", (...args) => resolve(args));
  });
  assert.equal(error, null);
  assert.deepEqual(answer, { status: "ok" });
  assert.deepEqual(await notes(), ["request bar baz"]);
});
