import { join } from "node:path";
import type { MeasuredTime, Measurement } from "./measurement.ts";

export type LiveLoad = {
  origin: string;
  /** Of the shopper whose carts these are. */
  authorization: string;
  /** Items are added to them in turn, over one WebSocket. */
  cartIds: readonly string[];
  productIds: readonly string[];
  /** Adds under way at every moment; no more than there are carts. */
  inFlight: number;
  /**
   * Each cart is followed, over a WebSocket of its own, and what is measured is the time from the answer to an add until the follower was
   * told of it, none if it was told before. Otherwise it is the time that the answer takes.
   */
  followed: boolean;
};

export type LiveLoadStage =
  /** Every cart has an item. */
  | "prepared"
  /** Everybody follows who is to, and nothing happens. */
  | "following";

/** What the load's process tells; it goes on from a stage when it is told to. */
export type LiveLoadMessage = { stage: LiveLoadStage } | { measurement: Measurement };

export type LiveLoadOptions = {
  time: MeasuredTime;
  onStage?: (stage: LiveLoadStage) => void;
};

/** Clients over WebSockets, in a process of their own. */
export const measureLive = async (load: LiveLoad, { time, onStage = () => {} }: LiveLoadOptions): Promise<Measurement> => {
  let measurement: Measurement | undefined;
  const child = Bun.spawn([process.execPath, join(import.meta.dirname, "live-load-process.ts")], {
    stdio: ["ignore", "inherit", "inherit"],
    ipc(message: LiveLoadMessage, self) {
      if ("stage" in message) {
        onStage(message.stage);
        self.send("go on");
      } else measurement = message.measurement;
    },
  });
  child.send({ load, time });
  const exitCode = await child.exited;
  if (measurement === undefined) throw new Error(`The load's process ended with ${exitCode}`);
  return measurement;
};
