import type { CertificateState, Replica } from './certificate-state.ts';
import { hasToReport, isAlive } from './rotation.ts';
import { silenceMs } from './rotation-schedule.ts';

/** What a replica reports of itself to the others. */
export interface OwnReport {
  /** The replica's name. */
  readonly replica: string;
  /** The life of the certificates that it makes. */
  readonly lifeMs: number;
  /** Fingerprint of the certificate that it serves; undefined before it serves one. */
  readonly serves: string | undefined;
}

/** Whether the shared state has this report, and it is recent enough. */
export function isReported(
  { replicas }: CertificateState,
  { replica, serves, lifeMs }: OwnReport,
  now: Date,
): boolean {
  const report = replicas.get(replica);
  return report !== undefined && report.serves === serves && !hasToReport(report, now, lifeMs);
}

/** The state with this report, and without the replicas that have died. */
export function withReport(
  state: CertificateState,
  { replica, serves, lifeMs }: OwnReport,
  now: Date,
): CertificateState {
  const replicas = new Map<string, Replica>([...state.replicas].filter(([, report]) => isAlive(report, now)));
  if (serves !== undefined) {
    replicas.set(replica, { serves, seen: now, until: new Date(now.getTime() + silenceMs(lifeMs)) });
  }
  return { ...state, replicas };
}
