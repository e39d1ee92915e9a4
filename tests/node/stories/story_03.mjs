// Everybody, everybody but me, and me alone.
import assert from "node:assert/strict";
import { collect, connectMany, fence, story } from "../lib/story.mjs";

await story(async () => {
  const sockets = await connectMany(3);
  const [me] = sockets;
  for (const [event, expected] of [["everybody", [1, 1, 1]], ["others", [0, 1, 1]], ["me", [1, 0, 0]]]) {
    const seen = sockets.map((socket) => collect(socket, event));
    await me.emitWithAck(event);
    await fence(...sockets);
    assert.deepEqual(seen.map((list) => list.length), expected, event);
  }
});
