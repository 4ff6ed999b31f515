import type { DecisionRecord } from '../admission/decision-record.ts';

/** What goes over the wire. */
export interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
  /** The connection ends with the answer, since its bytes are not all read. */
  readonly closes?: boolean;
}

const textType = 'text/plain; charset=utf-8';

export function jsonAnswer(body: string): Answer {
  return { status: 200, contentType: 'application/json', body };
}

/** One line for a person. An API server puts it into the message that its user gets. */
export function textAnswer(status: number, text: string): Answer {
  return { status, contentType: textType, body: `${text}\n` };
}

/** A request that gets an HTTP 4xx, written down as such. */
export function rejection(record: DecisionRecord, ms: () => number, status: number, detail: string): Answer {
  record.failed('rejected', { status, detail }, ms());
  return textAnswer(status, detail);
}
