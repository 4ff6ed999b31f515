import { InterceptingCall, type Interceptor } from '@grpc/grpc-js';

/** Lets a stream's messages be left unread, so that flow control stops the sender once its window is full. */
export class ReadGate {
  #isClosed = false;
  readonly #waiting: (() => void)[] = [];

  get isClosed(): boolean {
    return this.#isClosed;
  }

  close(): void {
    this.#isClosed = true;
  }

  open(): void {
    this.#isClosed = false;
    for (const pass of this.#waiting.splice(0)) pass();
  }

  /** Runs `action` now or, in order, when the gate opens. */
  pass(action: () => void): void {
    if (this.#isClosed) this.#waiting.push(action);
    else action();
  }
}

/** For a call's `interceptors`: nothing is read ahead while the gate is closed. */
export function gatedBy(gate: ReadGate): Interceptor {
  return (options, nextCall) => new GatedCall(nextCall(options), gate);
}

class GatedCall extends InterceptingCall {
  readonly #gate: ReadGate;

  constructor(next: ConstructorParameters<typeof InterceptingCall>[0], gate: ReadGate) {
    super(next);
    this.#gate = gate;
  }

  override startRead(): void {
    this.#gate.pass(() => {
      super.startRead();
    });
  }
}
