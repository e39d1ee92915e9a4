// A panic in an event handler costs one reply; one in a route costs one response.
import assert from "node:assert/strict";
import { base, connect, story } from "../lib/story.mjs";

await story(async () => {
  const [socket, other] = [await connect(), await connect()];
  const answer = await socket.emitWithAck("panic");
  assert.equal(answer.error.code, "internal");
  assert.equal((await fetch(`${base}/panic`)).status, 500);
  for (const each of [socket, other]) assert.equal(await each.emitWithAck("echo", 1), 1);
});
