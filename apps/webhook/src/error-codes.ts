/** The codes that the webhook adds to those of the libraries, with one line on each. Never given another meaning. */
export const webhookErrorCodes = {
  ADMISSION_NAMESPACE_UNKNOWN:
    'The API server did not say in time whether the namespace of the pod is served.',
  ADMISSION_RESOURCE_NOT_OFFERED: 'No node offers bitfusion.io/gpu, so the pod could not be scheduled.',
  ADMISSION_TOKEN_TIMEOUT: 'The access token was not copied to the namespace while the API server waited.',
} as const;

export type WebhookErrorCode = keyof typeof webhookErrorCodes;
