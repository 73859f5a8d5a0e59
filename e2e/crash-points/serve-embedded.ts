/** A program: all services as `CRASH_POINTS` configures them, until it is killed. */
import { openEmbedded } from "@cartwright/infra/embedded/open-embedded";

await openEmbedded(JSON.parse(process.env.CRASH_POINTS ?? "{}"));
process.stdout.write("they serve\n");
