/** What `startWebhook` takes and throws. */
export { createLog, type Log, type LogLevel, StartFault } from '@bwki/daemon';

export type { ResourceOffers } from './admission/resource-offers.ts';
export type { TokenCopies, TokenFault } from './admission/token-copies.ts';
export { webhookErrorCodes, type WebhookErrorCode } from './error-codes.ts';
export { fenceObjects, type FenceObjects, type FenceSettings } from './kubernetes-objects/fence.ts';
export { names as objectNames } from './kubernetes-objects/names.ts';
export { rbacObjects, type RbacObjects, type RbacSettings } from './kubernetes-objects/rbac.ts';
export {
  webhookConfigurations,
  type WebhookAddress,
  type WebhookConfigurations,
  type WebhookConfigurationSettings,
} from './kubernetes-objects/webhook-configurations.ts';
export { createMetrics, type Metrics, type Outcome, type WebhookName } from './metrics.ts';
export { startWatchedNamespaces, type NamespacesChoice } from './namespaces/start-watched-namespaces.ts';
export type { PolicySource } from './policy/policy-source.ts';
export type { PolicySettings } from './policy/read-policy.ts';
export { startWebhook, type Webhook, type WebhookSurroundings } from './start-webhook.ts';
export type { CertificateSource, ServingCertificate } from './tls/certificate-source.ts';
export type { CertificateChoice } from './tls/open-certificates.ts';
export { startTokenCopies, type TokenCopiesOptions } from './token/start-token-copies.ts';
export type { RunningTokenCopies } from './token/token-copy-controllers.ts';
export { tokenErrorCodes, type TokenErrorCode } from './token/token-error-codes.ts';
export { standaloneOptions, type WebhookOptions } from './webhook-options.ts';
