/** What is read of carts. */
export type CartViews = object;
