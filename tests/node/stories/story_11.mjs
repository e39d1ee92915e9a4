// Rooms of a chat: joined, messages to all members, left; an outsider hears nothing.
import assert from "node:assert/strict";
import { collect, connectMany, fence, story } from "../lib/story.mjs";

await story(async () => {
  const sockets = await connectMany(3);
  const [alice, bob] = sockets;
  const events = ["user-joined", "receive-room-message", "user-left"];
  const seen = sockets.map((socket) => events.map((event) => collect(socket, event)));
  const arrived = async () => {
    await fence(...sockets);
    return seen.map((lists) => lists.map((list) => list.splice(0)));
  };

  await alice.emitWithAck("join-room", "room1");
  await arrived();
  await bob.emitWithAck("join-room", "room1");
  assert.deepEqual(await arrived(), [[[[bob.id]], [], []], [[], [], []], [[], [], []]]);

  await alice.emitWithAck("send-room-message", { room: "room1", message: "hi" });
  const message = [{ sender: alice.id, message: "hi" }];
  assert.deepEqual(await arrived(), [[[], [message], []], [[], [message], []], [[], [], []]]);

  await bob.emitWithAck("leave-room", "room1");
  assert.deepEqual(await arrived(), [[[], [], [[bob.id]]], [[], [], []], [[], [], []]]);
});
