// Reads AsyncAPI documents with the official parser, which checks them against the specification and its own rules.
import { readFileSync } from "node:fs";
import { Parser } from "@asyncapi/parser";

for (const file of process.argv.slice(2)) {
  const { document, diagnostics } = await new Parser().parse(readFileSync(file, "utf8"));
  const wrong = diagnostics.filter(({ severity }) => severity === 0);
  if (!document || wrong.length > 0) {
    console.log(file, wrong.map(({ message, path }) => `${path.join("/")}: ${message}`));
    process.exit(1);
  }
  console.log(file, document.operations().all().length, "operations");
}
console.log("asyncapi passed");
