import type { ReactElement } from "react";

export type IconName = "bag" | "bin" | "check" | "clock" | "cross" | "minus" | "person" | "plus" | "search" | "undo";

/** A picture beside words or in a button that has a label: nothing to be read out. */
export const Icon = ({ name }: { name: IconName }): ReactElement => (
  <svg className="icon" viewBox="0 0 20 20" aria-hidden="true">
    <path d={paths[name]} />
  </svg>
);

const paths: Readonly<Record<IconName, string>> = {
  bag: "M4 7h12l1 10H3L4 7Zm3 0V5.5a3 3 0 0 1 6 0V7",
  bin: "M4 6h12M8 6V4h4v2M5.500 6l.8 10.500h7.400l.8-10.500M8.500 9v4.500M11.500 9v4.500",
  check: "m4.500 10.500 3.500 3.500 7.500-8",
  clock: "M10 17.500a7.500 7.500 0 1 0 0-15 7.500 7.500 0 0 0 0 15ZM10 6v4.500l3 1.500",
  cross: "m5 5 10 10M15 5 5 15",
  minus: "M4.500 10h11",
  person: "M10 10a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7Zm-6.500 7.500c.6-3 3.200-5 6.500-5s5.900 2 6.500 5",
  plus: "M10 4.500v11M4.500 10h11",
  search: "M9 15A6 6 0 1 0 9 3a6 6 0 0 0 0 12Zm4.500-1.500L17.500 17.500",
  undo: "M4 9h8a4 4 0 0 1 0 8H8M4 9l4-4M4 9l4 4",
};
