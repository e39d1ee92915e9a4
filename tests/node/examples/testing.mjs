// The auction: enter over HTTP, bid, be outbid, and hear the hammer.
import assert from "node:assert/strict";
import { base, connect, next, open, story, transport } from "../lib/story.mjs";

/** Somebody enters, and takes a seat with the cookie. */
async function bidder(name) {
  const headers = { "content-type": "application/json" };
  const entered = await fetch(`${base}/enter`, { method: "POST", headers, body: JSON.stringify({ name }) });
  const cookie = entered.headers.get("set-cookie").split(";")[0];
  return connect("/auction", { extraHeaders: { cookie } });
}

await story(async () => {
  const stranger = open("/auction");
  const [refused] = await next(stranger, "connect_error");
  assert.equal(refused.message, "Enter first.");

  const [ada, bob] = [await bidder("ada"), await bidder("bob")];
  const least = ((await ada.emitWithAck("ask the price"))?.amount ?? 0) + 5;
  const heard = next(bob, "bid");
  assert.deepEqual(await ada.emitWithAck("bid", least), { name: "ada", amount: least });
  assert.deepEqual(await heard, [{ name: "ada", amount: least }]);
  const { error } = await bob.emitWithAck("bid", least);
  assert.deepEqual(error, { code: "too_low", message: `ada has bid ${least}` });

  // The hammer takes its ten seconds, so only once.
  if (transport === "websocket") {
    const sold = new Promise((resolve) => bob.once("sold", resolve));
    assert.deepEqual(await sold, { name: "ada", amount: least });
  }
  const left = next(ada, "left");
  bob.disconnect();
  assert.deepEqual(await left, ["bob"]);
});
