// Reads a list of requests, and says of each whether a library verifies it: { library, secret, headers, body }.
const fs = require("node:fs");

for (const { library, secret, headers, body } of JSON.parse(fs.readFileSync(process.argv[2], "utf8"))) {
  const { Webhook } = require(library);
  try {
    new Webhook(secret).verify(Buffer.from(body, "base64"), headers);
    console.log("verified");
  } catch (error) {
    console.log(error.message);
  }
}
