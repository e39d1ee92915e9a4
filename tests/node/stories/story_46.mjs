// Under plain hyper.
import assert from "node:assert/strict";
import { base, connect, story } from "../lib/story.mjs";

await story(async () => {
  const socket = await connect();
  assert.deepEqual(await socket.emitWithAck("echo", { hello: ["world"] }), { hello: ["world"] });
  assert.equal((await fetch(`${base}/nowhere`)).status, 404);
});
