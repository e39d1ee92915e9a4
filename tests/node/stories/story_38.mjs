// An HTTP route emits, through the handle in the app's own state.
import assert from "node:assert/strict";
import { base, connectMany, next, story } from "../lib/story.mjs";

await story(async () => {
  const sockets = await connectMany(3);
  const posts = sockets.map((socket) => next(socket, "posts"));
  const response = await fetch(`${base}/posts`, { method: "POST" });
  assert.equal(response.status, 201);
  for (const args of await Promise.all(posts)) assert.deepEqual(args, [{ action: "create" }]);
});
