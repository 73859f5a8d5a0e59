/** Something else than the service answered: a proxy, a page to sign in to a network, the server of another address. */
export class ForeignAnswer extends Error {
  override readonly name = "ForeignAnswer";
  readonly retryable: boolean;
  readonly status: number;

  constructor(status: number) {
    super(`The answer with status ${status} is not the service's`);
    this.status = status;
    // What is away may come back, and a network may let one in; an address that is wrong stays wrong.
    this.retryable = status < 400 || status >= 500 || status === 408 || status === 429;
  }
}

/** @throws {ForeignAnswer} */
export const ownAnswer = (response: Response): Response => {
  if (!response.headers.get("content-type")?.startsWith("application/json")) throw new ForeignAnswer(response.status);
  return response;
};
