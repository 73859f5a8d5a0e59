/** The lists of carts are still being filled, in every place where they are kept: an answer would lack some. */
export class ListsNotReady extends Error {
  override readonly name = "ListsNotReady";
  readonly retryable = true;
  constructor() {
    super("lists of carts are still being filled");
  }
}
