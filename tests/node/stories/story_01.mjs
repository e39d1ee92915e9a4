// A greeting with several arguments, the third of them binary.
import assert from "node:assert/strict";
import { next, open, settled, story } from "../lib/story.mjs";

await story(async () => {
  const socket = open();
  const greetings = next(socket, "greetings");
  await settled(socket);
  const args = await greetings;
  assert.equal(args.length, 3);
  assert.equal(args[0], "Hey!");
  assert.deepEqual(args[1], { ms: "jane" });
  assert.ok(Buffer.isBuffer(args[2]));
  assert.deepEqual([...args[2]], [4, 3, 3, 1]);
});
