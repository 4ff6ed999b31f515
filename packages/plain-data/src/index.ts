export { asJsonObject, isJsonObject, type JsonObject } from './json-object.ts';
export { err, ok, type Result } from './result.ts';
