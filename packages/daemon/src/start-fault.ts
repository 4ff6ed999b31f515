/** Why a program does not start, or not go on: the configuration's or the machine's fault, not a bug. */
export class StartFault extends Error {
  override readonly name = 'StartFault';
  /** Every fault that was found, one line each. */
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(faults.join('\n'));
    this.faults = faults;
  }
}
