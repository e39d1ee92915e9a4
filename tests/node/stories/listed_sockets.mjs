// Sockets that were listed are asked, moved and sent away; rooms and upgrades are told of.
import assert from "node:assert/strict";
import { ask, connectMany, next, noted, notes, story, transport } from "../lib/story.mjs";

await story(async () => {
  const [alice, bob] = await connectMany(2);
  if (transport === "upgrade") {
    await noted(`upgraded ${alice.id}`);
    await noted(`upgraded ${bob.id}`);
  }
  alice.on("who", (answer) => answer("Alice"));
  bob.on("who", (answer) => answer("Bob"));
  const thanks = Promise.all([next(alice, "thanks"), next(bob, "thanks")]);
  const answers = await ask("ask each");
  assert.deepEqual(answers.sort(), [[alice.id, "Alice"], [bob.id, "Bob"]].sort());
  assert.deepEqual((await thanks).flat(), ["Alice", "Bob"]);

  assert.deepEqual(await ask("ask all"), { answers: 2, missing: 0 });
  bob.off("who");
  assert.deepEqual(await ask("ask all"), { answers: 1, missing: 1 });

  const bye = next(bob, "disconnect");
  assert.deepEqual(await ask("move", bob.id), [true, true, true]);
  assert.equal((await bye)[0], "io server disconnect");
  await noted("left queue");
  const told = (await notes()).filter((note) => !note.startsWith("upgraded"));
  assert.deepEqual(told, ["joined queue", "joined hall", "left hall", "left queue"]);
  assert.equal(alice.connected, true);
});
