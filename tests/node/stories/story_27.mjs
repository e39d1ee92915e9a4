// A token in `auth`.
import assert from "node:assert/strict";
import { connect, next, open, story } from "../lib/story.mjs";

await story(async () => {
  const refusal = async (auth) => (await next(open("/", { auth }), "connect_error"))[0];

  const socket = await connect("/", { auth: { token: "abcd" } });
  assert.equal(await socket.emitWithAck("who"), "ada");

  const missing = await refusal({});
  assert.equal(missing.message, "Unauthorized");
  assert.equal("data" in missing && missing.data !== undefined, false);

  const wrong = await refusal({ token: "nope" });
  assert.equal(wrong.message, "Authentication failed");
  assert.deepEqual(wrong.data, { code: "token_unknown", tries: [1, 2] });

  const byFunction = await connect("/", { auth: (give) => give({ token: "abcd" }) });
  assert.equal(await byFunction.emitWithAck("who"), "ada");
});
