// CORS by the application's layer: the preflight, and the headers of good and bad answers.
import assert from "node:assert/strict";
import { base, story } from "../lib/story.mjs";
import { request } from "../lib/http.mjs";

const origin = "http://localhost:5173";
const endpoint = `${base}/socket.io/?EIO=4&transport=polling`;

await story(async () => {
  const preflight = await request(endpoint, {
    method: "OPTIONS",
    headers: { origin, "access-control-request-method": "POST", "access-control-request-headers": "content-type" },
  });
  assert.equal(preflight.status, 200);
  assert.match(preflight.headers["access-control-allow-methods"], /POST/);
  assert.match(preflight.headers["access-control-allow-headers"], /content-type/);
  allowed(preflight);

  const opening = await request(endpoint, { headers: { origin } });
  assert.equal(opening.status, 200);
  allowed(opening);
  const unknown = await request(`${endpoint}&sid=nobody`, { headers: { origin } });
  assert.equal(unknown.status, 400);
  allowed(unknown);
  const forbidden = await request(endpoint, { headers: { origin, "x-forbidden": "yes" } });
  assert.equal(forbidden.status, 403);
  allowed(forbidden);

  const foreign = await request(endpoint, { headers: { origin: "http://example.com" } });
  assert.equal(foreign.headers["access-control-allow-origin"], undefined);
});

function allowed({ headers }) {
  assert.equal(headers["access-control-allow-origin"], origin);
  assert.equal(headers["access-control-allow-credentials"], "true");
}
