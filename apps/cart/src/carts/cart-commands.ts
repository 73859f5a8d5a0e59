/** What may be done to a cart on behalf of a caller. */
export type CartCommands = object;
