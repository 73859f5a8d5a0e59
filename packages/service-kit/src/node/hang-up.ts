import { readFileSync } from "node:fs";

/** Whether we were started to ignore the end of our terminal, as `nohup` does. A handler of our own would undo that. */
export const ignoresHangUp = (): boolean => {
  try {
    const mask = /^SigIgn:\s*([0-9a-f]+)$/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1] ?? "0";
    return (BigInt(`0x${mask}`) & SIGHUP_BIT) !== 0n;
  } catch {
    return true;
  }
};

const SIGHUP_BIT = 1n;
