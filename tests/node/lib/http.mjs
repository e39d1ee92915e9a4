// Requests exactly as written: no header is refused, no body decoded.

import http from "node:http";
import https from "node:https";

/**
 * Resolves with status, headers and the bytes of the body. Each request has a connection of its own; `ca` is the
 * certificate that is trusted, for https.
 */
export function request(url, { method = "GET", headers = {}, body, ca } = {}) {
  return new Promise((resolve, reject) => {
    const { request } = url.startsWith("https:") ? https : http;
    const sent = request(url, { method, headers, agent: false, ca }, (response) => {
      const chunks = [];
      response.on("data", (chunk) => chunks.push(chunk));
      response.on("end", () => {
        resolve({ status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks) });
      });
      response.on("error", reject);
    });
    sent.on("error", reject);
    sent.end(body);
  });
}

/** A polling session by hand: its address, once `/` has been joined. */
export async function session(base, headers = {}) {
  const endpoint = `${base}/socket.io/?EIO=4&transport=polling`;
  const opening = JSON.parse((await request(endpoint, { headers })).body.subarray(1));
  const address = `${endpoint}&sid=${opening.sid}`;
  await request(address, { method: "POST", headers, body: "40" });
  await request(address, { headers });
  return address;
}
