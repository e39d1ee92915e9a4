// Events on one side of the layer, the service behind it on the other.
import assert from "node:assert/strict";
import { base, connect, story } from "../lib/story.mjs";

await story(async () => {
  const socket = await connect();
  assert.equal(await socket.emitWithAck("shout", "hello"), "HELLO");
  assert.equal(await (await fetch(`${base}/elsewhere`)).text(), "hello from /elsewhere\n");
  // Another path that begins alike is the service's.
  assert.equal(await (await fetch(`${base}/socket.iox/`)).text(), "hello from /socket.iox/\n");
});
