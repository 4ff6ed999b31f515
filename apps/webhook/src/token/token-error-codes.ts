/** The codes of faults that keep a token from a namespace, with one line on each. Never given another meaning. */
export const tokenErrorCodes = {
  TOKEN_SOURCE_MISSING: 'The secret with the access token, from which the copies are made, does not exist.',
  TOKEN_SOURCE_INCOMPLETE: 'The secret with the access token lacks a key that pods need.',
  TOKEN_SECRET_FOREIGN: "A user's own secret has the name that the copy of the access token would have.",
  TOKEN_COPY_CONTESTED: 'Somebody keeps changing the copy of the access token, faster than it is restored.',
  TOKEN_NAMESPACE_UNSERVED: 'The webhook does not serve the namespace, so no token is copied to it.',
  TOKEN_NAMESPACE_GONE: 'The namespace does not exist, or is being deleted.',
  TOKEN_COPY_REFUSED: 'The API server refuses to store the copy of the access token.',
  TOKEN_ACCESS_DENIED: 'The webhook may not read the secrets that it is to copy.',
  TOKEN_API_UNAVAILABLE: 'The API server did not store the copy of the access token in several attempts.',
} as const;

export type TokenErrorCode = keyof typeof tokenErrorCodes;
