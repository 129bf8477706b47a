// Reads a list of what is to be sent, and prints it as libraries sign it: { library, secret, type, at, data } becomes
// { headers, body }.
import { sign } from "@octokit/webhooks-methods";
import { CloudEvent, HTTP } from "cloudevents";
import { createPrivateKey, sign as signWithKey } from "node:crypto";
import { readFileSync } from "node:fs";
import { Webhook } from "standardwebhooks";
import Stripe from "stripe";

const id = "msg_1";

function standard(secret, at, { headers, body }) {
  const signature = new Webhook(secret).sign(id, new Date(at * 1000), body);
  return { headers: { ...headers, "webhook-id": id, "webhook-timestamp": `${at}`, "webhook-signature": signature }, body };
}

// The library has no ed25519, so Node itself signs. The secret is the seed of the key, in base64.
function asymmetric(secret, at, body) {
  const head = Buffer.from("302e020100300506032b657004220420", "hex");
  const key = createPrivateKey({ key: Buffer.concat([head, Buffer.from(secret, "base64")]), format: "der", type: "pkcs8" });
  const signature = signWithKey(null, Buffer.from(`${id}.${at}.${body}`), key).toString("base64");
  return { headers: { "webhook-id": id, "webhook-timestamp": `${at}`, "webhook-signature": `v1a,${signature}` }, body };
}

async function signed({ library, secret, type, at, data }) {
  const body = JSON.stringify({ type, timestamp: new Date(at * 1000).toISOString(), data });
  const event = new CloudEvent({ id: "e-1", source: "https://shop.example/eu", type, data });
  switch (library) {
    case "standardwebhooks":
      return standard(secret, at, { headers: {}, body });
    case "node":
      return asymmetric(secret, at, body);
    case "cloudevents-binary":
      return standard(secret, at, HTTP.binary(event));
    case "cloudevents-structured":
      return standard(secret, at, HTTP.structured(event));
    case "octokit":
      return { headers: { "X-Hub-Signature-256": await sign(secret, body), "X-GitHub-Event": type }, body };
    case "stripe": {
      const header = new Stripe("sk_test").webhooks.generateTestHeaderString({ payload: body, secret, timestamp: at });
      return { headers: { "Stripe-Signature": header }, body };
    }
    default:
      throw new Error(`no library ${library}`);
  }
}

const requests = JSON.parse(readFileSync(process.argv[2], "utf8"));
console.log(JSON.stringify(await Promise.all(requests.map(signed))));
