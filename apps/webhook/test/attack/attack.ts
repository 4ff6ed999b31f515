/** One kind of attack, bounded in number and time. */
export interface Attack {
  readonly name: string;
  /** Whether it is one review, so that its CPU time is limited too. */
  readonly isReview: boolean;
  /** @returns what the attacker got, in a few words */
  run(port: number, signal: AbortSignal): Promise<string>;
}
