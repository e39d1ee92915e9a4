// A cookie set by a route is read at admission, in an event handler and in another route.
import assert from "node:assert/strict";
import { base, connect, next, open, story } from "../lib/story.mjs";

await story(async () => {
  const login = await fetch(`${base}/login`, { method: "POST" });
  const cookie = login.headers.getSetCookie().map((line) => line.split(";")[0]).join("; ");
  const socket = await connect("/", { extraHeaders: { cookie } });
  assert.equal(await socket.emitWithAck("admitted"), "ada");
  assert.equal(await socket.emitWithAck("who"), "ada");
  assert.equal(await socket.emitWithAck("who"), "ada");
  assert.equal(await (await fetch(`${base}/me`, { headers: { cookie } })).text(), "ada");

  for (const headers of [{}, { cookie: cookie.replace(/=.*/, "=forged") }]) {
    const [error] = await next(open("/", { extraHeaders: headers }), "connect_error");
    assert.equal(error.message, "who are you?");
  }
});
