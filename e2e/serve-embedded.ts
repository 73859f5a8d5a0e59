/** A program: all services as `SERVE_EMBEDDED` configures them, until it is killed, or told to go by SIGTERM. */
import { openEmbedded } from "@cartwright/infra/embedded/open-embedded";

const system = await openEmbedded(JSON.parse(process.env.SERVE_EMBEDDED ?? "{}"));
process.once("SIGTERM", async () => {
  await system[Symbol.asyncDispose]();
  process.exit();
});
process.stdout.write("serving\n");
