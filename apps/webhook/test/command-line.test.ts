import { describe, expect, it } from 'vitest';

import { readCommandLine } from '../src/command-line.ts';
import type { WebhookOptions } from '../src/webhook-options.ts';

function optionsOf(args: string, env: Record<string, string> = {}): WebhookOptions {
  const read = readCommandLine(args.split(' '), env, '1.2.3');
  if (read.kind !== 'run') throw new Error(read.text);
  return read.options;
}

describe('the command line', () => {
  it('--help documents every option, and what the exit codes mean', () => {
    const { kind, text } = readCommandLine(['--help'], {}, '1.2.3') as { kind: string; text: string };
    expect(kind).toBe('told');
    expect(text).toMatchInlineSnapshot(`
      "Usage: bwki-webhook [options]

      Admission webhook: pods that ask for Bitfusion GPUs come out ready to run.

      Options:
        -V, --version                      print the version
        --standalone                       run without a cluster: on 127.0.0.1, with a certificate made in
                                           memory
        --port <number>                    HTTPS port of /mutate and /validate; 0 for any free one
                                           (default: "8443")
        --healthPort <number>              plain port of /healthz, /readyz and /metrics; 0 for any free
                                           one (default: "8081")
        --host <address>                   address to listen at (default: all; 127.0.0.1 with
                                           --standalone)
        --tlsCertFile <file>               certificate to serve, PEM, with its chain; read again when it
                                           changes
        --tlsKeyFile <file>                its private key, PEM
        --clientCaFile <file>              answer only clients with a certificate signed by this CA, PEM;
                                           read again when it changes
        --ownCertificates                  make certificates, share them in a secret, and have them
                                           trusted by the webhook configurations
        --certificateLifeSeconds <number>  life of certificates of its own, of which each is replaced
                                           after two thirds; at least 30 (default: 90 days)
        --namespace <name>                 where the webhook runs (default: env POD_NAMESPACE, else bwki)
        --config <file>                    policy, YAML or JSON; read again when it changes, a broken one
                                           is refused
        --totalGpuMemory <quantity>        memory of one GPU of the pool; a bare number is MB (default:
                                           env TOTAL_GPU_MEMORY, else the file)
        --namespaceSelector <json>         label selector of the namespaces that are served, as in the
                                           webhook configurations (default: all but the webhook's own and
                                           kube-system)
        --objectSelector <json>            label selector of the pods that are served, as in the webhook
                                           configurations (default: all)
        --tokenCopies                      copy the access token to the namespaces of the pods that need
                                           it
        --tokenNamespace <name>            where the secrets with the token are copied from (default:
                                           "kube-system")
        --resourceOffers                   refuse pods that need bitfusion.io/gpu while no node offers it
        --kubeconfig <file>                whose cluster it works with (default: the one that it runs in)
        --http2                            offer HTTP/2 besides HTTP/1.1
        --drainSeconds <number>            time between being unready and closing (default: 5; 0 with
                                           --standalone)
        --graceSeconds <number>            time for requests that are being answered when it closes
                                           (default: "20")
        --reloadSeconds <number>           time between two looks at the files (default: "1")
        --logLevel <level>                 least level of a log line (choices: "debug", "info", "warn",
                                           "error", "silent", default: "info")
        -h, --help                         print this help

      Example:
        bwki-webhook --standalone --port 8443 --totalGpuMemory 16000
        curl -k -H 'Content-Type: application/json' --data @review.json https://127.0.0.1:8443/mutate

      Exit codes:
        0  ended by SIGTERM or SIGINT, after the last answer
        1  it cannot start: configuration, certificate or port; every fault is on stderr
        2  wrong usage

      "
    `);
  });

  it('--version prints the version', () => {
    expect(readCommandLine(['--version'], {}, '1.2.3')).toEqual({ kind: 'told', text: '1.2.3\n' });
  });

  it('--standalone stays on this machine, with a certificate in memory', () => {
    expect(optionsOf('--standalone')).toEqual({
      host: '127.0.0.1',
      port: 8443,
      healthPort: 8081,
      certificate: { kind: 'memory' },
      policy: { file: undefined, totalGpuMemory: undefined },
      http2: false,
      logLevel: 'info',
      drainMs: 0,
      graceMs: 20_000,
      pollMs: 1000,
    });
  });

  it('the flags of the original serve files, to everybody', () => {
    const options = optionsOf('--port 443 --tlsCertFile a.crt --tlsKeyFile a.key --config c.yaml --http2');
    expect(options).toMatchObject({
      host: undefined,
      port: 443,
      certificate: { kind: 'files', certFile: 'a.crt', keyFile: 'a.key' },
      policy: { file: 'c.yaml' },
      http2: true,
      drainMs: 5000,
    });
    expect(Object.isFrozen(options)).toBe(true);
  });

  it('B52: --tokenCopies copies from kube-system in the cluster that it runs in, unless told otherwise', () => {
    const files = '--tlsCertFile a.crt --tlsKeyFile a.key';
    expect(optionsOf(files).tokenCopies).toBeUndefined();
    expect(optionsOf(`${files} --tokenCopies`).tokenCopies).toEqual({
      sourceNamespace: 'kube-system',
      namespace: 'bwki',
    });
    expect(optionsOf(`${files} --tokenCopies --tokenNamespace bitfusion --kubeconfig k`).tokenCopies).toEqual(
      { sourceNamespace: 'bitfusion', namespace: 'bwki', kubeconfig: 'k' },
    );
  });

  it('B71: the selectors say who is served; copies are for all but its own namespace and kube-system by default', () => {
    const files = '--tlsCertFile a.crt --tlsKeyFile a.key';
    expect(optionsOf(files).namespaces).toBeUndefined();
    expect(optionsOf(`${files} --tokenCopies --namespace gpu`).namespaces).toEqual({ namespace: 'gpu' });
    const selector = { matchLabels: { gpus: 'bitfusion' } };
    const selectors = `--namespaceSelector ${JSON.stringify(selector)} --objectSelector {}`;
    expect(optionsOf(`${files} ${selectors} --kubeconfig k`).namespaces).toEqual({
      namespaceSelector: selector,
      objectSelector: {},
      namespace: 'bwki',
      kubeconfig: 'k',
    });
  });

  it.each([
    ['--standalone', {}, undefined],
    ['--standalone', { TOTAL_GPU_MEMORY: '16000' }, '16000'],
    ['--standalone', { TOTAL_GPU_MEMORY: '' }, undefined],
    ['--standalone --totalGpuMemory 32000', { TOTAL_GPU_MEMORY: '16000' }, '32000'],
  ])('B21: the flag goes before the environment: %s with %j', (args, env, total) => {
    expect(optionsOf(args, env).policy.totalGpuMemory).toBe(total);
  });

  it.each([
    ['--ownCertificates', {}, 'bwki', undefined],
    ['--ownCertificates --kubeconfig k', { POD_NAMESPACE: 'gpu' }, 'gpu', 'k'],
    ['--ownCertificates --namespace other', { POD_NAMESPACE: 'gpu' }, 'other', undefined],
  ])('B54: certificates of its own: %s with %j', (args, env, namespace, kubeconfig) => {
    expect(optionsOf(args, env).certificate).toEqual({ kind: 'own', namespace, kubeconfig });
  });

  it('B54: certificates of its own live as long as it is told', () => {
    const lives = (args: string): unknown => optionsOf(`--ownCertificates ${args}`).certificate;
    expect(lives('--certificateLifeSeconds 30')).toMatchObject({ kind: 'own', lifeMs: 30_000 });
    expect(lives('--certificateLifeSeconds=7776000')).toMatchObject({ lifeMs: 90 * 24 * 3600 * 1000 });
  });

  it.each([
    ['', /no certificate: give --tlsCertFile and --tlsKeyFile, --ownCertificates, or --standalone/],
    ['--tlsCertFile a', /go together/],
    ['--standalone --tlsKeyFile a', /go together/],
    ['--standalone --port 65536', /--port: must be 0 to 65535/],
    ['--standalone --port x --healthPort 1.5', /--port: [^]*--healthPort: must be a whole number/],
    ['--standalone --drainSeconds -1', /--drainSeconds: must be 0 or more/],
    ['--standalone --logLevel loud', /Allowed choices are debug/],
    ['--standalone --tokens x', /unknown option '--tokens'/],
    ['--standalone --tokenCopies', /--standalone has no cluster to copy tokens in/],
    ['--standalone --ownCertificates', /--standalone has no cluster to keep certificates in/],
    ['--ownCertificates --tlsCertFile a --tlsKeyFile b', /give one of both/],
    [
      '--ownCertificates --certificateLifeSeconds 29',
      /^error: --certificateLifeSeconds: 29: must be 30 to 315360000; /,
    ],
    ['--ownCertificates --certificateLifeSeconds 315360001', /: 315360001: must be 30 to 315360000; /],
    ['--ownCertificates --certificateLifeSeconds 90d', /^error: --certificateLifeSeconds: /],
    ['--standalone --certificateLifeSeconds 60', /--certificateLifeSeconds is for --ownCertificates/],
    ['--standalone --resourceOffers', /--standalone has no cluster with nodes/],
    [
      '--standalone --kubeconfig x',
      /--kubeconfig is for --ownCertificates, --tokenCopies, --resourceOffers and --namespaceSelector/,
    ],
    ['--standalone --namespaceSelector {}', /--standalone has no cluster with namespaces/],
    ['--ownCertificates --namespaceSelector a=b', /--namespaceSelector: a=b: is not JSON/],
    ['--ownCertificates --objectSelector {"a":1}', /--objectSelector: .*is not a label selector: .*"a"/],
    ['--standalone extra', /too many arguments/],
    ['--standalone --config', /argument missing/],
  ])('wrong usage is said: %s', (args, text) => {
    const read = readCommandLine(args === '' ? [] : args.split(' '), {}, '1.2.3');
    expect(read.kind).toBe('wrong-usage');
    expect(read.kind === 'wrong-usage' && read.text).toMatch(text);
  });
});
