// Who is in the room.
import assert from "node:assert/strict";
import { ask, connectMany, story, until } from "../lib/story.mjs";

await story(async () => {
  const [alice, bob, carol] = await connectMany(3);
  assert.deepEqual(await ask("who"), []);
  await alice.emitWithAck("join", "room123");
  await bob.emitWithAck("join", "room123");
  await bob.emitWithAck("join", "other");
  assert.deepEqual(await ask("who"), [alice.id, bob.id].sort());
  assert.deepEqual(await ask("rooms"), { named: [["other", 1], ["room123", 2]], own: 3 });
  await carol.emitWithAck("join", "room123");
  await bob.emitWithAck("leave", "other");
  assert.deepEqual(await ask("rooms"), { named: [["room123", 3]], own: 3 });
  alice.disconnect();
  await until(async () => (await ask("who")).length === 2, "she is out of it");
  assert.deepEqual(await ask("who"), [bob.id, carol.id].sort());
  assert.deepEqual(await ask("rooms"), { named: [["room123", 2]], own: 2 });
});
