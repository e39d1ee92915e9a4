// Two servers in one application, each with its own namespaces and sockets.
import assert from "node:assert/strict";
import { collect, connect, pause, story } from "../lib/story.mjs";

await story(async () => {
  const one = await connect("/", { path: "/one/" });
  const two = await connect("/", { path: "/two/" });
  assert.deepEqual([await one.emitWithAck("which"), await two.emitWithAck("which")], ["one", "two"]);
  const [atOne, atTwo] = [collect(one, "news"), collect(two, "news")];
  await one.emitWithAck("tell");
  await two.emitWithAck("which");
  await pause(100);
  assert.deepEqual([atOne.length, atTwo.length], [1, 0]);
});
