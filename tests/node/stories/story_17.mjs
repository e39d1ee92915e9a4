// Manual connect and disconnect.
import assert from "node:assert/strict";
import { ask, noted, open, pause, settled, story } from "../lib/story.mjs";

await story(async () => {
  const socket = open("/", { autoConnect: false });
  await pause(50);
  assert.equal(socket.connected, false);
  assert.equal(await ask("connected"), 0);

  await settled(socket.connect());
  assert.equal(socket.connected, true);
  assert.equal(await socket.emitWithAck("connected"), true);
  assert.equal(await ask("connected"), 1);

  socket.disconnect();
  assert.equal(socket.connected, false);
  await noted("client namespace disconnect, connected false");
  assert.equal(await ask("connected"), 0);

  await settled(socket.connect());
  assert.equal(await socket.emitWithAck("connected"), true);
  assert.equal(await ask("connected"), 1);
});
