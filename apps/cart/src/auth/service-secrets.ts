/** Says whether `secret` is the service's own. The time it takes depends neither on how much of it is right nor on whether the service exists. */
export const serviceSecrets =
  (secrets: Readonly<Record<string, string>>) =>
  async (service: string, secret: string): Promise<boolean> => {
    const expected = Object.hasOwn(secrets, service) ? secrets[service] : undefined;
    const [given, known] = await Promise.all([sha256(secret), sha256(expected ?? crypto.randomUUID())]);
    let difference = 0;
    for (const [index, byte] of given.entries()) difference |= byte ^ (known[index] ?? 0);
    return expected !== undefined && difference === 0;
  };

const sha256 = async (text: string) => new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
