// The contract of the example, seen from the client: events, acks, errors, and the module of types.
import assert from "node:assert/strict";
import { base, connectMany, next, story } from "../lib/story.mjs";

await story(async () => {
  const [ada, bob] = await connectMany(2);
  const heard = next(bob, "said");
  const { id } = await ada.timeout(5000).emitWithAck("message", { text: "hello" });
  assert.deepEqual(await heard, [{ id, text: "hello" }]);
  const { error } = await ada.timeout(5000).emitWithAck("message", { text: "" });
  assert.deepEqual(error, { code: "empty", message: "say something" });
  assert.equal((await ada.timeout(5000).emitWithAck("message", {})).error.code, "invalid_payload");
  const types = await (await fetch(`${base}/events.ts`)).text();
  assert.match(types, /"message": \(data: \{ text: string \}, ack\?: \(answer: \{ id: number \} \| EventError\) => void\)/);
  assert.match(types, /interface ServerToClientEvents \{\n  "said": \(data: \{ id: number; text: string \}/);
});
