// The request id of the handshake is what admission and event handlers see.
import assert from "node:assert/strict";
import { base, connect, story } from "../lib/story.mjs";
import { request } from "../lib/http.mjs";

await story(async () => {
  const socket = await connect("/", { extraHeaders: { "x-request-id": "one-of-mine" } });
  assert.deepEqual(await socket.emitWithAck("request-id"), ["one-of-mine", "one-of-mine"]);
  const other = await connect();
  const [admitted, event] = await other.emitWithAck("request-id");
  assert.equal(admitted, event);
  assert.ok(admitted.length > 10);
  const opening = await request(`${base}/socket.io/?EIO=4&transport=polling`);
  assert.ok(opening.headers["x-request-id"].length > 10);
});
