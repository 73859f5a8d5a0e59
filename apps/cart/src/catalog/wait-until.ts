/** Asks again and again, ever more rarely, until the answer is yes or `timeoutMs` have passed. Answers the last answer. */
export const waitUntil = async (isSo: () => Promise<boolean>, timeoutMs: number): Promise<boolean> => {
  const giveUpAt = performance.now() + timeoutMs;
  for (let pauseMs = 4; ; pauseMs = Math.min(100, pauseMs * 2)) {
    if (await isSo()) return true;
    if (performance.now() + pauseMs > giveUpAt) return false;
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
};
