import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatWarning } from './warning.ts';

describe('formatWarning', () => {
  it('puts the field in front where both fit', () => {
    expect(formatWarning({ code: 'X', field: 'spec.x', message: 'take care' })).toBe('spec.x: take care');
  });

  it('cuts a name of 253 characters in its middle, so that what is useful stays', () => {
    const name = `first${'n'.repeat(243)}last`;
    const text = formatWarning({
      code: 'X',
      field: 'spec.containers[0].securityContext.runAsUser',
      message: `container "${name}" runs as user 1000: set bitfusion-client/home to its home`,
    });
    expect(text).toMatch(
      /^container "firstn+\.\.\.n+last" runs as user 1000: set bitfusion-client\/home to its home$/,
    );
  });

  it('leaves the field out before it cuts the message', () => {
    const message =
      'a sentence of a hundred characters which says all that there is to say about this, in small words';
    expect(formatWarning({ code: 'X', field: 'spec.template.spec.containers[10]', message })).toBe(message);
  });

  it('takes the line breaks out, since a warning is an HTTP header', () => {
    expect(formatWarning({ code: 'X', field: 'spec.x', message: 'a\r\nb\u0000c' })).toBe('spec.x: a b c');
  });

  it('is never longer than 120 characters', () => {
    const text = fc.oneof(fc.string({ maxLength: 300 }), fc.lorem({ maxCount: 60 }));
    fc.assert(
      fc.property(text, text, (field, message) => {
        const formatted = formatWarning({ code: 'X', field, message });
        expect(formatted.length).toBeLessThanOrEqual(120);
      }),
    );
  });
});
