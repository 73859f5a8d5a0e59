/** The clients of `measureHttp`: reads a load and its time from stdin, writes the measurement to stdout. */
import { type HttpConnection, openHttpConnection } from "./http-connection.ts";
import type { HttpLoad, HttpRequest } from "./http-load.ts";
import { type MeasuredTime, type Recorder, startRecorder } from "./measurement.ts";

/** What has no answer by then never gets one. */
const patienceMs = 5_000;

const main = async (): Promise<void> => {
  const { load, time }: { load: HttpLoad; time: MeasuredTime } = await Bun.stdin.json();
  const { hostname, port, host } = new URL(load.origin);
  const address = { hostname, port: Number(port || 80) };
  const recorder = startRecorder(time);
  const running = load.connections.map((requests) =>
    runConnection(
      requests.map((request) => ({ bytes: encodeRequest(request, host), status: request.status ?? 200, request })),
      { open: () => openHttpConnection(address), recorder },
    ),
  );
  const tooLate = Bun.sleep(time.warmUpMs + time.durationMs + patienceMs).then(() => recorder.failed(`no answer within ${patienceMs} ms`));
  await Promise.race([Promise.all(running), tooLate]);
  await Bun.write(Bun.stdout, JSON.stringify(recorder.measurement()));
  process.exit();
};

type EncodedRequest = { bytes: Uint8Array; status: number; request: HttpRequest };

const runConnection = async (
  requests: readonly EncodedRequest[],
  { open, recorder }: { open: () => Promise<HttpConnection>; recorder: Recorder },
): Promise<void> => {
  let connection: HttpConnection | undefined;
  for (let turn = 0; !recorder.isOver(); turn++) {
    const next = requests[turn % requests.length];
    if (next === undefined) return;
    try {
      connection ??= await open();
      const startedAt = performance.now();
      const { status, raw } = await connection.send(next.bytes);
      if (status === next.status) recorder.succeeded(startedAt, performance.now());
      else recorder.failed(`${next.request.method} ${next.request.path}: ${raw.toString().slice(0, 1000)}`);
    } catch (error) {
      recorder.failed(String(error));
      connection = undefined;
      await Bun.sleep(10);
    }
  }
};

const encodeRequest = ({ method, path, headers = {}, body = "" }: HttpRequest, host: string): Uint8Array => {
  const content = body === "" ? {} : { "Content-Type": "application/json", "Content-Length": String(Buffer.byteLength(body)) };
  const lines = Object.entries({ Host: host, ...content, ...headers }).map(([name, value]) => `${name}: ${value}\r\n`);
  return new TextEncoder().encode(`${method} ${path} HTTP/1.1\r\n${lines.join("")}\r\n${body}`);
};

await main();
