// A limit on request bodies by the application's layer: the large one is refused, the session goes on.
import assert from "node:assert/strict";
import { base, story } from "../lib/story.mjs";
import { request, session } from "../lib/http.mjs";

await story(async () => {
  const address = await session(base);
  const post = (text) => request(address, { method: "POST", body: `420${JSON.stringify(["echo", text])}` });
  assert.equal((await post("x".repeat(100_000))).status, 413);
  assert.equal((await post("small")).status, 200);
  assert.equal((await request(address)).body.toString(), '430["small"]');
});
