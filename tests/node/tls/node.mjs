// https and wss with a certificate that Node verifies; Node speaks HTTP/1.1, and the cookies are carried by hand.
import assert from "node:assert/strict";
import { base, connect, next, notes, open, story, transport } from "../lib/story.mjs";
import { request } from "../lib/http.mjs";

const ca = process.env.CERTIFICATE;

await story(async () => {
  const login = await request(`${base}/login`, { method: "POST", ca });
  const [user, theme] = login.headers["set-cookie"];
  for (const line of [user, theme]) assert.match(line, /; Secure; SameSite=None$/);
  const cookie = [user, theme].map((line) => line.split(";")[0]).join("; ");

  const [error] = await next(open("/", { ca }), "connect_error");
  assert.equal(error.message, "who are you?");
  const unknown = open("/", { extraHeaders: { cookie } });
  assert.match((await next(unknown, "connect_error"))[0].message, /^(xhr poll|websocket) error$/);

  const before = (await notes()).length;
  const socket = await connect("/", { ca, extraHeaders: { cookie } });
  assert.equal(await socket.emitWithAck("who"), "ada");
  assert.equal(socket.io.engine.transport.name, transport === "polling" ? "polling" : "websocket");
  const used = transport === "upgrade" ? ["polling", "websocket"] : [transport];
  assert.deepEqual(
    [...new Set((await notes()).slice(before))].sort(),
    used.map((name) => `HTTP/1.1 ${name} theme=dark user=ada`),
  );
});
