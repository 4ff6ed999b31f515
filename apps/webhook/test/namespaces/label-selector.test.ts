import { describe, expect, it } from 'vitest';

import { matchesLabels, readLabelSelector } from '../../src/namespaces/label-selector.ts';
import { isNamespaceName } from '../../src/namespaces/namespace-name.ts';

describe('B71: label selectors', () => {
  it.each([
    ['{}', {}, true],
    ['{"matchLabels":{"a":"b"}}', { a: 'b', c: 'd' }, true],
    ['{"matchLabels":{"a":"b"}}', { a: 'c' }, false],
    ['{"matchLabels":{"a":""}}', {}, false],
    ['{"matchExpressions":[{"key":"a","operator":"In","values":["b","c"]}]}', { a: 'c' }, true],
    ['{"matchExpressions":[{"key":"a","operator":"In","values":["b","c"]}]}', {}, false],
    ['{"matchExpressions":[{"key":"a","operator":"NotIn","values":["b"]}]}', { a: 'b' }, false],
    ['{"matchExpressions":[{"key":"a","operator":"NotIn","values":["b"]}]}', {}, true],
    ['{"matchExpressions":[{"key":"a","operator":"Exists"}]}', { a: '' }, true],
    ['{"matchExpressions":[{"key":"a","operator":"Exists"}]}', {}, false],
    ['{"matchExpressions":[{"key":"a","operator":"DoesNotExist","values":[]}]}', {}, true],
    ['{"matchExpressions":[{"key":"a","operator":"DoesNotExist"}]}', { a: '' }, false],
    ['{"matchExpressions":[{"key":"toString","operator":"Exists"}]}', {}, false],
    ['{"matchLabels":{"a":"b"},"matchExpressions":[{"key":"c","operator":"Exists"}]}', { a: 'b' }, false],
  ])('B71: %s of %j is %s, as the API server decides', (text, labels, isSelected) => {
    const read = readLabelSelector(text);
    expect(read.ok && matchesLabels(read.value, labels)).toBe(isSelected);
    expect(read.ok).toBe(true);
  });

  it.each([
    ['{', /^\{: is not JSON$/],
    ['[]', /is not a label selector/],
    ['{"matchLabel":{}}', /"matchLabel"/],
    ['{"matchExpressions":[{"key":"a","operator":"Is"}]}', /matchExpressions\.0\.operator: /],
    ['{"matchExpressions":[{"key":"a","operator":"In"}]}', /matchExpressions\.0\.values: /],
    ['{"matchLabels":{"a":1}}', /matchLabels\.a: /],
  ])('B71: %s is refused with the field', (text, fault) => {
    const read = readLabelSelector(text);
    expect(read.ok ? '' : read.error).toMatch(fault);
  });
});

it.each([
  ['a', true],
  ['team-1', true],
  ['1', true],
  ['a'.repeat(63), true],
  ['a'.repeat(64), false],
  ['', false],
  ['.', false],
  ['..', false],
  ['a.b', false],
  ['a/b', false],
  ['%2e%2e', false],
  ['-a', false],
  ['a-', false],
  ['A', false],
  ['a\n', false],
])('B71: %j is the name of a namespace: %s', (text, isName) => {
  expect(isNamespaceName(text)).toBe(isName);
});
