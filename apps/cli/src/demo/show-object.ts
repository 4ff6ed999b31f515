import { basename } from 'node:path';

import type { Policy } from '@bwki/pod-mutator';

import { explainTemplate } from '../explain/explain-template.ts';
import { explanationText } from '../explain/explanation-text.ts';
import type { MutatedDocument, MutatedObject } from '../manifest/mutate-manifests.ts';
import { placeOf } from '../manifest/place-of.ts';
import type { Style } from '../terminal/style.ts';
import { demoRow, type DemoRow } from './demo-table.ts';
import { trialText } from './trial-text.ts';
import type { ContainerTrialOutcome } from './try-template.ts';
import { webhookText } from './webhook-text.ts';
import type { ReviewTemplate, WebhookTrial } from './with-webhook.ts';
import type { TryTemplate } from './workshop.ts';

/** What is done with each template. */
export interface Trials {
  readonly tryTemplate: TryTemplate;
  readonly reviewTemplate: ReviewTemplate;
}

/** What the demo shows of one object. */
export interface ShownObject {
  /** What becomes of it, and what came of running it. Ends in a blank line. */
  readonly text: string;
  readonly row: DemoRow;
  readonly answers: readonly WebhookTrial[];
}

/** Explains an object, runs its containers and sends its pods to the webhook. */
export async function showObject(
  { file, document }: MutatedDocument,
  { object, mutation, warnings }: MutatedObject,
  policy: Policy,
  { tryTemplate, reviewTemplate }: Trials,
  style: Style,
): Promise<ShownObject> {
  const templates = mutation.templates.map((template) => explainTemplate(template, policy));
  const outcomes: ContainerTrialOutcome[] = [];
  const answers: WebhookTrial[] = [];
  for (const template of mutation.templates) {
    outcomes.push(...(await tryTemplate(template)));
    answers.push(await reviewTemplate(template));
  }
  const { kind, name } = object;
  const place = placeOf(file, document, object);
  const explained = explanationText({ kind, name, place, templates, warnings }, style);
  const tried = outcomes.map((outcome) => trialText(outcome, style));
  const answered = answers.map((answer) => webhookText(answer, style));
  return {
    text: `${explained}${tried.join('')}${answered.join('')}\n`,
    row: demoRow({ example: basename(file.name), kind, templates, outcomes, answers }),
    answers,
  };
}
