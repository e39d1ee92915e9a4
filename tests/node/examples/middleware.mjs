// What the layers of the example say of each event.
import assert from "node:assert/strict";
import { connect, story } from "../lib/story.mjs";

await story(async () => {
  const socket = (await connect()).timeout(5000);
  assert.equal(await socket.emitWithAck("say", "  hello  "), "hello");
  assert.equal((await socket.emitWithAck("say", 7)).error.code, "invalid_payload");
  assert.equal((await socket.emitWithAck("delete-user", "ada")).error.code, "forbidden");
  assert.equal((await socket.emitWithAck("slow")).error.code, "timeout");
  for (let n = 0; n < 3; n++) assert.equal(await socket.emitWithAck("burst"), undefined);
  const { error } = await socket.emitWithAck("burst");
  assert.equal(error.code, "rate_limited");
  assert.ok(error.retry_after > 0 && error.retry_after <= 20_000, error.retry_after);
});
