import { isRetryable as passes } from "@cartwright/failures/is-retryable";

/** A privilege that is not granted, a table, a column or a schema that is not there yet: the deployment is at fault, not the event. */
const deploymentStates = new Set(["42501", "42P01", "42703", "3F000"]);

/**
 * True where something that the handler depends on is away, so that the same call may succeed later; false where the event
 * itself is at fault.
 */
export const isRetryable = (error: unknown): boolean => passes(error, deploymentStates);
