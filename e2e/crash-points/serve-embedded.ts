/** A program: all services as `CRASH_POINTS` configures them, until it is killed. */
import { openEmbedded } from "@cartwright/infra/embedded/open-embedded";

const { token } = await openEmbedded(JSON.parse(process.env.CRASH_POINTS ?? "{}"));
process.stdout.write(`serving, and this is the operator: ${await token("catalog:write", "stock:write", "cart:support")}\n`);
