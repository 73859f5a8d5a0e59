/** Tells the first of many, and then one a while, with how many were not told of in between: what lasts is said once, not per request. */
export const nowAndThen = <Told>(
  tell: (what: Told, untold: number) => void,
  { now, everyMs = 60_000 }: { readonly now: () => Date; readonly everyMs?: number },
): ((what: Told) => void) => {
  let notBefore = Number.NEGATIVE_INFINITY;
  let untold = 0;
  return (what) => {
    const time = now().getTime();
    if (time < notBefore) {
      untold += 1;
      return;
    }
    notBefore = time + everyMs;
    tell(what, untold);
    untold = 0;
  };
};
