// Compression by the application's layer: a large answer is compressed, once.
import assert from "node:assert/strict";
import { gunzipSync } from "node:zlib";
import { base, story } from "../lib/story.mjs";
import { request, session } from "../lib/http.mjs";

await story(async () => {
  const address = await session(base);
  const large = "a large text ".repeat(1000);
  await request(address, { method: "POST", body: `420${JSON.stringify(["echo", large])}` });
  const answer = await request(address, { headers: { "accept-encoding": "gzip" } });
  assert.equal(answer.headers["content-encoding"], "gzip");
  assert.ok(answer.body.length < large.length / 2);
  assert.equal(gunzipSync(answer.body).toString(), `430${JSON.stringify([large])}`);
});
