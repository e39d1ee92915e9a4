// Ids: 20 characters, known on both sides, no secret, never twice the same.
import assert from "node:assert/strict";
import { connect, settled, story } from "../lib/story.mjs";

await story(async () => {
  const socket = await connect();
  const first = socket.id;
  assert.equal(first.length, 20);
  assert.equal(await socket.emitWithAck("whoami"), first);
  assert.notEqual(first, socket.io.engine.id);

  const chat = socket.io.socket("/chat");
  await settled(chat);
  assert.equal(await chat.emitWithAck("whoami"), chat.id);
  assert.notEqual(chat.id, first);

  socket.disconnect();
  await settled(socket.connect());
  assert.equal(socket.id.length, 20);
  assert.notEqual(socket.id, first);
  assert.notEqual(socket.id, chat.id);
});
