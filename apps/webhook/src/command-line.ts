import { type CommandLine, logLevels, readCommandLine as readFlags } from '@bwki/daemon';
import { Command, Option } from 'commander';
import { z } from 'zod';

import { greatestLifeMs, leastLifeMs } from './certificates/rotation-schedule.ts';
import { names as objectNames } from './kubernetes-objects/names.ts';
import { readLabelSelector } from './namespaces/label-selector.ts';
import type { NamespacesChoice } from './namespaces/start-watched-namespaces.ts';
import type { CertificateChoice } from './tls/open-certificates.ts';
import { standaloneOptions, type WebhookOptions } from './webhook-options.ts';

type Environment = Readonly<Record<string, string | undefined>>;

const port = z.coerce
  .number()
  .int('must be a whole number')
  .min(0, 'must be 0 to 65535')
  .max(65_535, 'must be 0 to 65535');
const seconds = z.coerce.number().min(0, 'must be 0 or more').max(3600, 'must be 3600 or less');

const [leastLife, greatestLife] = [leastLifeMs / 1000, greatestLifeMs / 1000];
const certificateLife = z.coerce.number().refine((value) => value >= leastLife && value <= greatestLife, {
  error: ({ input }) =>
    `${String(input)}: must be ${leastLife} to ${greatestLife}; in a shorter life there is no time to replace a certificate safely`,
});

const labelSelector = z.string().transform((text, context) => {
  const read = readLabelSelector(text);
  if (read.ok) return read.value;
  context.addIssue(read.error);
  return z.NEVER;
});

const schema = z
  .object({
    standalone: z.boolean().default(false),
    port,
    healthPort: port,
    host: z.string().min(1, 'must not be empty').optional(),
    tlsCertFile: z.string().min(1, 'must not be empty').optional(),
    tlsKeyFile: z.string().min(1, 'must not be empty').optional(),
    clientCaFile: z.string().min(1, 'must not be empty').optional(),
    config: z.string().min(1, 'must not be empty').optional(),
    totalGpuMemory: z.string().optional(),
    ownCertificates: z.boolean().default(false),
    certificateLifeSeconds: certificateLife.optional(),
    namespace: z.string().min(1, 'must not be empty').optional(),
    namespaceSelector: labelSelector.optional(),
    objectSelector: labelSelector.optional(),
    tokenCopies: z.boolean().default(false),
    resourceOffers: z.boolean().default(false),
    tokenNamespace: z.string().min(1, 'must not be empty'),
    kubeconfig: z.string().min(1, 'must not be empty').optional(),
    http2: z.boolean().default(false),
    drainSeconds: seconds.optional(),
    graceSeconds: seconds,
    reloadSeconds: z.coerce.number().min(0.01, 'must be 0.01 or more').max(3600, 'must be 3600 or less'),
    logLevel: z.enum(logLevels),
  })
  .superRefine(
    (
      {
        standalone,
        tlsCertFile,
        tlsKeyFile,
        ownCertificates,
        certificateLifeSeconds,
        namespaceSelector,
        objectSelector,
        tokenCopies,
        resourceOffers,
        kubeconfig,
      },
      context,
    ) => {
      const given = [tlsCertFile, tlsKeyFile].filter((file) => file !== undefined).length;
      if (given === 1) context.addIssue('--tlsCertFile and --tlsKeyFile go together: give both');
      if (given === 0 && !standalone && !ownCertificates) {
        context.addIssue(
          'no certificate: give --tlsCertFile and --tlsKeyFile, --ownCertificates, or --standalone',
        );
      }
      if (given > 0 && ownCertificates)
        context.addIssue(
          '--ownCertificates makes what --tlsCertFile and --tlsKeyFile bring: give one of both',
        );
      if (certificateLifeSeconds !== undefined && !ownCertificates)
        context.addIssue('--certificateLifeSeconds is for --ownCertificates: files tell how long they live');
      if (standalone && ownCertificates)
        context.addIssue('--standalone has no cluster to keep certificates in: give one of both');
      if (standalone && tokenCopies)
        context.addIssue('--standalone has no cluster to copy tokens in: give one of both');
      if (standalone && resourceOffers)
        context.addIssue('--standalone has no cluster with nodes: leave out --resourceOffers');
      const selects = namespaceSelector !== undefined || objectSelector !== undefined;
      if (standalone && selects)
        context.addIssue(
          '--standalone has no cluster with namespaces: leave out --namespaceSelector and --objectSelector',
        );
      if (kubeconfig !== undefined && !tokenCopies && !ownCertificates && !resourceOffers && !selects)
        context.addIssue(
          '--kubeconfig is for --ownCertificates, --tokenCopies, --resourceOffers and --namespaceSelector',
        );
    },
  );

/**
 * Reads flags and environment, once, into options that do not change any more. The environment is where the original
 * had its settings: `TOTAL_GPU_MEMORY`; a flag goes before it (B21).
 *
 * @param args without the program's own name
 */
export function readCommandLine(
  args: readonly string[],
  env: Environment,
  version: string,
): CommandLine<WebhookOptions> {
  const read = readFlags(createProgram(version), schema, args);
  return read.kind === 'run' ? { kind: 'run', options: optionsOf(read.options, env) } : read;
}

function optionsOf(read: z.infer<typeof schema>, env: Environment): WebhookOptions {
  const { standalone } = read;
  const total = read.totalGpuMemory ?? env['TOTAL_GPU_MEMORY'] ?? '';
  return Object.freeze<WebhookOptions>({
    host: read.host ?? (standalone ? standaloneOptions.host : undefined),
    port: read.port,
    healthPort: read.healthPort,
    certificate: certificateOf(read, env),
    clientCaFile: read.clientCaFile,
    policy: { file: read.config, totalGpuMemory: total.trim() === '' ? undefined : total },
    namespaces: namespacesOf(read, env),
    tokenCopies: read.tokenCopies
      ? {
          sourceNamespace: read.tokenNamespace,
          namespace: namespaceOf(read, env),
          kubeconfig: read.kubeconfig,
        }
      : undefined,
    resourceOffers: read.resourceOffers ? { kubeconfig: read.kubeconfig } : undefined,
    http2: read.http2,
    logLevel: read.logLevel,
    drainMs: (read.drainSeconds ?? (standalone ? 0 : 5)) * 1000,
    graceMs: read.graceSeconds * 1000,
    pollMs: read.reloadSeconds * 1000,
  });
}

function certificateOf(read: z.infer<typeof schema>, env: Environment): CertificateChoice {
  const { ownCertificates, certificateLifeSeconds, tlsCertFile, tlsKeyFile, kubeconfig } = read;
  if (ownCertificates) {
    const namespace = namespaceOf(read, env);
    const lifeMs = certificateLifeSeconds === undefined ? undefined : certificateLifeSeconds * 1000;
    return { kind: 'own', namespace, kubeconfig, lifeMs };
  }
  if (tlsCertFile === undefined || tlsKeyFile === undefined) return standaloneOptions.certificate;
  return { kind: 'files', certFile: tlsCertFile, keyFile: tlsKeyFile };
}

function namespaceOf({ namespace }: z.infer<typeof schema>, env: Environment): string {
  return namespace ?? env['POD_NAMESPACE'] ?? objectNames.namespace;
}

/** Copies of the token are for served namespaces alone, so that they need to know them in any case. */
function namespacesOf(read: z.infer<typeof schema>, env: Environment): NamespacesChoice | undefined {
  const { namespaceSelector, objectSelector, tokenCopies, kubeconfig } = read;
  if (namespaceSelector === undefined && objectSelector === undefined && !tokenCopies) return undefined;
  return { namespaceSelector, objectSelector, namespace: namespaceOf(read, env), kubeconfig };
}

function createProgram(version: string): Command {
  return new Command('bwki-webhook')
    .description('Admission webhook: pods that ask for Bitfusion GPUs come out ready to run.')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .option('--standalone', 'run without a cluster: on 127.0.0.1, with a certificate made in memory')
    .option('--port <number>', 'HTTPS port of /mutate and /validate; 0 for any free one', '8443')
    .option(
      '--healthPort <number>',
      'plain port of /healthz, /readyz and /metrics; 0 for any free one',
      '8081',
    )
    .option('--host <address>', 'address to listen at (default: all; 127.0.0.1 with --standalone)')
    .option('--tlsCertFile <file>', 'certificate to serve, PEM, with its chain; read again when it changes')
    .option('--tlsKeyFile <file>', 'its private key, PEM')
    .option(
      '--clientCaFile <file>',
      'answer only clients with a certificate signed by this CA, PEM; read again when it changes',
    )
    .option(
      '--ownCertificates',
      'make certificates, share them in a secret, and have them trusted by the webhook configurations',
    )
    .option(
      '--certificateLifeSeconds <number>',
      `life of certificates of its own, of which each is replaced after two thirds; at least ${leastLife} (default: 90 days)`,
    )
    .option('--namespace <name>', 'where the webhook runs (default: env POD_NAMESPACE, else bwki)')
    .option('--config <file>', 'policy, YAML or JSON; read again when it changes, a broken one is refused')
    .option(
      '--totalGpuMemory <quantity>',
      'memory of one GPU of the pool; a bare number is MB (default: env TOTAL_GPU_MEMORY, else the file)',
    )
    .option(
      '--namespaceSelector <json>',
      "label selector of the namespaces that are served, as in the webhook configurations (default: all but the webhook's own and kube-system)",
    )
    .option(
      '--objectSelector <json>',
      'label selector of the pods that are served, as in the webhook configurations (default: all)',
    )
    .option('--tokenCopies', 'copy the access token to the namespaces of the pods that need it')
    .option('--tokenNamespace <name>', 'where the secrets with the token are copied from', 'kube-system')
    .option('--resourceOffers', 'refuse pods that need bitfusion.io/gpu while no node offers it')
    .option('--kubeconfig <file>', 'whose cluster it works with (default: the one that it runs in)')
    .option('--http2', 'offer HTTP/2 besides HTTP/1.1')
    .option(
      '--drainSeconds <number>',
      'time between being unready and closing (default: 5; 0 with --standalone)',
    )
    .option('--graceSeconds <number>', 'time for requests that are being answered when it closes', '20')
    .option('--reloadSeconds <number>', 'time between two looks at the files', '1')
    .addOption(
      new Option('--logLevel <level>', 'least level of a log line').choices(logLevels).default('info'),
    )
    .addHelpText('after', examples);
}

const examples = `
Example:
  bwki-webhook --standalone --port 8443 --totalGpuMemory 16000
  curl -k -H 'Content-Type: application/json' --data @review.json https://127.0.0.1:8443/mutate

Exit codes:
  0  ended by SIGTERM or SIGINT, after the last answer
  1  it cannot start: configuration, certificate or port; every fault is on stderr
  2  wrong usage
`;
