// Reads a list of webhooks, { secret, headers, body }, and prints what Shopify's own library makes of each.
import "@shopify/shopify-api/adapters/node";
import { shopifyApi } from "@shopify/shopify-api";
import { readFileSync } from "node:fs";

async function validated({ secret, headers, body }) {
  const shopify = shopifyApi({
    apiKey: "key",
    apiSecretKey: secret,
    apiVersion: "2026-07",
    hostName: "app.example",
    isEmbeddedApp: false,
    logger: { log: () => {} },
  });
  const rawRequest = { method: "POST", url: "/webhooks", headers };
  return shopify.webhooks.validate({ rawBody: body, rawRequest, rawResponse: {} });
}

const requests = JSON.parse(readFileSync(process.argv[2], "utf8"));
console.log(JSON.stringify(await Promise.all(requests.map(validated))));
