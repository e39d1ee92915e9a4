// A room message without its sender, as plain text.
import assert from "node:assert/strict";
import { collect, connectMany, fence, story } from "../lib/story.mjs";

await story(async () => {
  const sockets = await connectMany(3);
  const [alice, bob] = sockets;
  const seen = sockets.map((socket) => collect(socket, "receive-message"));
  await alice.emitWithAck("join-room", "room123");
  await bob.emitWithAck("join-room", "room123");
  alice.emit("message", { room: "room123", message: "hello" });
  await alice.emitWithAck("rooms");
  await fence(...sockets);
  assert.deepEqual(seen.map((list) => list.map(([text]) => text)), [[], ["hello"], []]);
});
