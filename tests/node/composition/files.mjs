// Static files behind everything else.
import assert from "node:assert/strict";
import { base, connect, story } from "../lib/story.mjs";

await story(async () => {
  const socket = await connect();
  assert.equal(await socket.emitWithAck("echo", 1), 1);
  assert.equal(await (await fetch(`${base}/note.txt`)).text(), "a file\n");
  assert.equal((await fetch(`${base}/absent.txt`)).status, 404);
});
