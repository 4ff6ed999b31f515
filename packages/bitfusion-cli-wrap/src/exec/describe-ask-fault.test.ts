import { describe, expect, it } from 'vitest';
import type { AskFault } from './ask-client.ts';
import { describeAskFault } from './describe-ask-fault.ts';

const output = { stdout: 'secret\n', stderr: 'first\nlast words\n' };
const faults: readonly (readonly [AskFault, string])[] = [
  [
    { kind: 'not-found', binary: 'bf' },
    'there is no bf: install the Bitfusion client, or name it with CLIENT',
  ],
  [{ kind: 'not-executable', binary: 'bf', cause: 'EACCES' }, 'bf cannot be started: EACCES'],
  [
    { kind: 'timeout', timeout: 1500, ...output },
    'no answer in 1.5 s: see that the servers can be reached, or give WAIT',
  ],
  [{ kind: 'failure', failure: { code: 'OTHER', message: 'why' }, ...output }, 'the client gave up: why'],
  [{ kind: 'exit', code: 3, ...output }, 'the client ended with code 3: last words'],
  [{ kind: 'signal', signal: 'SIGKILL', ...output }, 'the client was ended by SIGKILL'],
  [{ kind: 'unreadable', ...output }, 'the client printed something else than the answer'],
  [{ kind: 'output-too-large', maxOutput: 1, ...output }, 'the client was stopped (output-too-large)'],
  [{ kind: 'aborted', ...output }, 'the client was stopped (aborted)'],
];

describe('describeAskFault', () => {
  it.each(faults)('§8: %o', (fault, text) => {
    expect(describeAskFault(fault, { binary: 'CLIENT', timeout: 'WAIT' })).toBe(text);
  });
});
