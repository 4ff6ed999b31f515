import type { AskFault } from './ask-client.ts';

/** What a person can change about how the client is called, in the words of the program that calls it. */
export interface AskSettings {
  /** Names the client: `--binary`. */
  readonly binary: string;
  /** How long to wait for it: `--timeout`. */
  readonly timeout: string;
}

/**
 * Why there is no answer, for a person. Only the client's last words are in it: its log is long, and not made for
 * other eyes.
 */
export function describeAskFault(fault: AskFault, settings: AskSettings): string {
  switch (fault.kind) {
    case 'not-found':
      return `there is no ${fault.binary}: install the Bitfusion client, or name it with ${settings.binary}`;
    case 'not-executable':
      return `${fault.binary} cannot be started: ${fault.cause}`;
    case 'timeout':
      return `no answer in ${fault.timeout / 1000} s: see that the servers can be reached, or give ${settings.timeout}`;
    case 'failure':
      return `the client gave up: ${fault.failure.message}`;
    case 'exit':
      return `the client ended with code ${fault.code}: ${lastLine(fault.stderr)}`;
    case 'signal':
      return `the client was ended by ${fault.signal}`;
    case 'unreadable':
      return 'the client printed something else than the answer';
    case 'output-too-large':
    case 'aborted':
      return `the client was stopped (${fault.kind})`;
  }
}

function lastLine(text: string): string {
  return text.trimEnd().split('\n').at(-1) ?? '';
}
