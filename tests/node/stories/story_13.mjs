// Two rooms, once each; the sender never, unless the whole server speaks.
import assert from "node:assert/strict";
import { collect, connectMany, fence, story } from "../lib/story.mjs";

await story(async () => {
  const sockets = await connectMany(4);
  const [sender, both, onlyB] = sockets;
  for (const [socket, room] of [[sender, "a"], [sender, "b"], [both, "a"], [both, "b"], [onlyB, "b"]]) {
    await socket.emitWithAck("join", room);
  }
  const seen = sockets.map((socket) => collect(socket, "news"));
  await sender.emitWithAck("to-both");
  await fence(...sockets);
  assert.deepEqual(seen.map((list) => list.splice(0).length), [0, 1, 1, 0]);
  await sender.emitWithAck("io-to-a");
  await fence(...sockets);
  assert.deepEqual(seen.map((list) => list.length), [1, 1, 0, 0]);
});
