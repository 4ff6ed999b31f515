import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatWarning } from './warning.ts';

describe('formatWarning', () => {
  it('puts the field in front where both fit', () => {
    expect(formatWarning({ code: 'X', field: 'spec.x', message: 'take care' })).toBe('spec.x: take care');
  });

  it('cuts a name of 253 characters in its middle, so that what is useful stays', () => {
    const name = `first${'n'.repeat(244)}last`;
    const text = formatWarning({
      code: 'X',
      field: 'spec.containers[0].securityContext.runAsUser',
      message: `container "${name}" runs as user 1000: set bitfusion-client/home to its home`,
    });
    expect(text).toMatch(
      /^container "firstn+\.\.\.n+last" runs as user 1000: set bitfusion-client\/home to its home$/,
    );
  });

  it('cuts several such names further', () => {
    const name = `first${'n'.repeat(244)}last`;
    const message = `of the containers ${name}, ${name} and ${name} none is asked for: name them`;
    const text = formatWarning({ code: 'X', field: 'spec.containers', message });
    expect(text).toMatch(/first[^.]*\.\.\.[^.]*first[^.]*\.\.\.[^.]*last none is asked for: name them$/);
  });

  it('leaves words alone that are no longer than names usually are', () => {
    const word = 'w'.repeat(40);
    const message = `${word} and ${word} and ${word}`;
    expect(formatWarning({ code: 'X', field: 'spec.x', message })).toMatch(
      /^spec\.x: w{40} and w{40} and w+\.\.\.$/,
    );
  });

  it('shows the end of a field that does not fit, or nothing of it', () => {
    const field = 'spec.template.spec.containers[0].resources.limits[bitfusion.io/gpu-amount]';
    const message =
      'Required value: must be set with bitfusion.io/gpu-percent, which is the share of each GPU';
    expect(formatWarning({ code: 'X', field, message })).toBe(`...s[bitfusion.io/gpu-amount]: ${message}`);
    const longer = `${message} (B11), a rule`;
    expect(formatWarning({ code: 'X', field, message: longer })).toBe(longer);
  });

  it('cuts the end of a message only when nothing else is left to cut', () => {
    const field = 'spec.containers[0].resources.limits[bitfusion.io/gpu-percent]';
    const message = `Invalid value: "150": must be between 1 and 100${', or so'.repeat(20)}`;
    expect(formatWarning({ code: 'X', field, message })).toMatch(
      /^\.\.\..*limits\[bitfusion\.io\/gpu-percent\]: Invalid value: "150": must be between 1 and 100, .*\.\.\.$/,
    );
  });

  it('takes the line breaks out, since a warning is an HTTP header', () => {
    expect(formatWarning({ code: 'X', field: 'spec\t.x', message: 'a\r\nb\u0000c' })).toBe('spec .x: a b c');
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
