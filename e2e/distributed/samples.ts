/** One value that a process exposes, by the name without the system's prefix. */
export type Sample = { readonly name: string; readonly labels: Readonly<Record<string, string>>; readonly value: number };

/** Reads the text format of Prometheus, as far as its client library writes it. */
export const samplesOf = (text: string): readonly Sample[] =>
  text.split("\n").flatMap((line) => {
    const [, name, labels = "", value] = line.match(/^cartwright_(\w+)(?:\{(.*)\})? (\S+)$/) ?? [];
    if (name === undefined) return [];
    return [
      { name, labels: Object.fromEntries([...labels.matchAll(/(\w+)="([^"]*)"/g)].map(([, key, of]) => [key, of])), value: Number(value) },
    ];
  });

export const sumOf = (samples: readonly Sample[], name: string, labels: Readonly<Record<string, string>> = {}): number =>
  samples
    .filter((sample) => sample.name === name && Object.entries(labels).every(([key, value]) => sample.labels[key] === value))
    .reduce((sum, { value }) => sum + value, 0);
