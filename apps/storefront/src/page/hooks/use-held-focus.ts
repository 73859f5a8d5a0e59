import { type FocusEvent, type RefObject, useLayoutEffect, useRef } from "react";

export type HeldFocus<Holder extends HTMLElement> = {
  readonly ref: RefObject<Holder | null>;
  onFocus(): void;
  onBlur(event: FocusEvent): void;
};

/**
 * Keeps the focus in a part of the page whose controls come and go: where the one that had it is gone, the one that `next` selects gets it,
 * or else what lies around it, and not the whole document.
 */
export const useHeldFocus = <Holder extends HTMLElement>(next: string): HeldFocus<Holder> => {
  const ref = useRef<Holder>(null);
  const holds = useRef(false);
  // After whatever was drawn: React tells of no blur when it takes an element away.
  useLayoutEffect(() => {
    if (!holds.current || document.activeElement !== document.body) return;
    const found = ref.current?.querySelector<HTMLElement>(next) ?? ref.current?.closest<HTMLElement>("[tabindex='-1']");
    if (found) found.focus();
    else holds.current = false;
  });
  return {
    ref,
    onFocus: () => {
      holds.current = true;
    },
    onBlur: ({ currentTarget, relatedTarget }) => {
      holds.current = relatedTarget instanceof Node && currentTarget.contains(relatedTarget);
    },
  };
};
