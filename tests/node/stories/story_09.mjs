// Join, to, except, leave.
import assert from "node:assert/strict";
import { ask, collect, connectMany, fence, story } from "../lib/story.mjs";

await story(async () => {
  const sockets = await connectMany(3);
  const [member] = sockets;
  const seen = sockets.map((socket) => collect(socket, "news"));
  const counts = async (question) => {
    seen.forEach((list) => list.splice(0));
    await ask(question, "some room");
    await fence(...sockets);
    return seen.map((list) => list.length);
  };

  await member.emitWithAck("join", "some room");
  assert.deepEqual(await counts("to"), [1, 0, 0]);
  assert.deepEqual(await counts("except"), [0, 1, 1]);
  await member.emitWithAck("leave", "some room");
  assert.deepEqual(await counts("to"), [0, 0, 0]);
  assert.deepEqual(await counts("except"), [1, 1, 1]);
});
