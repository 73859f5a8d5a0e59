/** `fetch` of an app in this process, which ends when it is called off, as a connection would. */
export const inProcessFetch =
  (app: { fetch(request: Request): Response | Promise<Response> }) =>
  async (url: string, init: RequestInit): Promise<Response> => {
    const request = new Request(url, init);
    const ended = Promise.withResolvers<never>();
    const end = () => ended.reject(request.signal.reason);
    request.signal.addEventListener("abort", end, { once: true });
    try {
      return await Promise.race([Promise.resolve(app.fetch(request)), ended.promise]);
    } finally {
      request.signal.removeEventListener("abort", end);
    }
  };
