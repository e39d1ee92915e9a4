// The JWT cookie of `/login`.
import assert from "node:assert/strict";
import { ask, base, connect, next, open, story } from "../lib/story.mjs";

await story(async () => {
  const login = await fetch(`${base}/login`, { method: "POST" });
  const cookie = login.headers.get("set-cookie").split(";")[0];
  const socket = await connect("/", { extraHeaders: { cookie } });
  assert.equal(await socket.emitWithAck("who"), "ada");

  for (const kind of ["none", "expired", "foreign", "garbage", "alg-none", "no-expiry"]) {
    const token = await ask("token", kind);
    const headers = token === null ? {} : { cookie: `token=${token}` };
    const [error] = await next(open("/", { extraHeaders: headers }), "connect_error");
    assert.equal(error.message, "Authentication Error", kind);
    assert.equal(await socket.emitWithAck("who"), "ada");
  }
});
