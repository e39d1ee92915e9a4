// A tap sees what is emitted to its socket: directly, and by a broadcast of the server.
import assert from "node:assert/strict";
import { ask, collect, connect, next, noted, notes, story } from "../lib/story.mjs";

await story(async () => {
  const socket = await connect();
  await noted("ready");
  const direct = collect(socket, "direct");
  const broadcast = next(socket, "outgoing-event");
  assert.equal(await socket.timeout(5000).emitWithAck("emit"), "emitted");
  await ask("broadcast");
  assert.deepEqual(await broadcast, [1, "2"]);
  assert.equal(direct.length, 1);
  assert.deepEqual([...direct[0][1]], [1, 2, 3]);
  const own = (await notes()).filter((note) => note.startsWith("own"));
  assert.deepEqual(own, [
    'own direct ["direct",{"a":1},{"_placeholder":true,"num":0}] 3 bytes',
    'own outgoing-event ["outgoing-event",1,"2"] 0 bytes',
  ]);
  // The namespace's tap has seen them, too; an ack is no event.
  const all = (await notes()).filter((note) => note.startsWith("all"));
  assert.deepEqual(all, ["all direct", "all outgoing-event"]);
});
