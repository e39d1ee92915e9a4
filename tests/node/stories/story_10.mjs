// My id is a room.
import assert from "node:assert/strict";
import { ask, base, collect, connectMany, fence, story } from "../lib/story.mjs";

await story(async () => {
  const sockets = await connectMany(3);
  const [alice, bob] = sockets;
  const seen = sockets.map((socket) => collect(socket, "private"));
  const arrived = async () => {
    await fence(...sockets);
    return seen.map((list) => list.splice(0).map(([text]) => text));
  };

  await bob.emitWithAck("whisper", alice.id, "from a handler");
  assert.deepEqual(await arrived(), [["from a handler"], [], []]);
  await fetch(`${base}/whisper/${alice.id}`, { method: "POST", body: "from a route" });
  assert.deepEqual(await arrived(), [["from a route"], [], []]);

  const rooms = await alice.emitWithAck("rooms");
  await alice.emitWithAck("join", alice.id);
  assert.deepEqual(await alice.emitWithAck("rooms"), rooms);
  await bob.emitWithAck("whisper", alice.id, "still once");
  assert.deepEqual(await arrived(), [["still once"], [], []]);

  await ask("except", alice.id);
  assert.deepEqual(await arrived(), [[], ["to the others"], ["to the others"]]);

  await alice.emitWithAck("leave", alice.id);
  assert.deepEqual(await alice.emitWithAck("rooms"), []);
  await bob.emitWithAck("whisper", alice.id, "to nobody");
  assert.deepEqual(await arrived(), [[], [], []]);
  await alice.emitWithAck("me", "directly");
  assert.deepEqual(await arrived(), [["directly"], [], []]);
});
