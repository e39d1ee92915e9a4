// By role.
import assert from "node:assert/strict";
import { connect, next, settled, story } from "../lib/story.mjs";

await story(async () => {
  const main = await connect("/");
  const user = main.io.socket("/admin", { auth: { role: "user" } });
  const [error] = await next(user, "connect_error");
  assert.equal(error.message, "Access denied");
  assert.equal(main.connected, true);
  assert.equal(await main.emitWithAck("where"), "/");

  user.auth = { role: "admin" };
  await settled(user.connect());
  assert.equal(await user.emitWithAck("where"), "/admin");
});
