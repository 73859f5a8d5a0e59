/** Ends what is left of the process group that a `detached` process began. */
export const killGroup = (leader: number): void => {
  try {
    process.kill(-leader, "SIGKILL");
  } catch {
    // Nothing was left of it.
  }
};
