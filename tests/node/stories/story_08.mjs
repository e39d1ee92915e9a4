// Errors in an ack.
import assert from "node:assert/strict";
import { connect, story } from "../lib/story.mjs";

await story(async () => {
  const socket = await connect();
  assert.deepEqual(await socket.emitWithAck("joinRoom", "nope"), { error: "Invalid room" });
  assert.deepEqual(await socket.emitWithAck("rooms"), [socket.id]);
  assert.deepEqual(await socket.emitWithAck("joinRoom", "room1"), { success: true });
  assert.deepEqual((await socket.emitWithAck("rooms")).sort(), [socket.id, "room1"].sort());
});
