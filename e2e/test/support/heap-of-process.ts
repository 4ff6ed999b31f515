interface Target {
  readonly webSocketDebuggerUrl: string;
}

interface HeapUsage {
  readonly usedSize: number;
  /** Of array buffers, which are not in the heap. */
  readonly backingStorageSize: number;
}

interface InspectorAnswer {
  readonly id: number;
  readonly result: unknown;
}

/**
 * Bytes that a Node.js process holds on to, all garbage having been collected. It was started with
 * `--inspect=127.0.0.1:PORT`, and is stopped for a few milliseconds.
 */
export async function retainedBytes(inspectorPort: number): Promise<number> {
  const listed = await fetch(`http://127.0.0.1:${inspectorPort}/json/list`);
  const [target] = (await listed.json()) as readonly Target[];
  if (target === undefined) throw new Error(`nothing to inspect at port ${inspectorPort}`);
  const socket = new WebSocket(target.webSocketDebuggerUrl);
  try {
    await opened(socket);
    await call(socket, 1, 'HeapProfiler.collectGarbage');
    const { usedSize, backingStorageSize } = (await call(socket, 2, 'Runtime.getHeapUsage')) as HeapUsage;
    return usedSize + backingStorageSize;
  } finally {
    socket.close();
  }
}

function opened(socket: WebSocket): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.addEventListener('open', () => {
      resolve();
    });
    socket.addEventListener('error', () => {
      reject(new Error(`${socket.url} cannot be reached`));
    });
  });
}

function call(socket: WebSocket, id: number, method: string): Promise<unknown> {
  const { promise, resolve } = Promise.withResolvers<unknown>();
  socket.addEventListener('message', ({ data }: MessageEvent) => {
    const answer = JSON.parse(String(data)) as InspectorAnswer;
    if (answer.id === id) resolve(answer.result);
  });
  socket.send(JSON.stringify({ id, method }));
  return promise;
}
