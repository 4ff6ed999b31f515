import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FieldPath } from './field-path.ts';

describe('FieldPath', () => {
  it('writes fields, indices and keys as Kubernetes does', () => {
    const path = FieldPath.root('spec')
      .child('containers')
      .index(1)
      .child('resources')
      .child('limits')
      .key('bitfusion.io/gpu-percent');
    expect(String(path)).toBe('spec.containers[1].resources.limits[bitfusion.io/gpu-percent]');
  });

  it('keeps a parent as it is when children are made of it', () => {
    const parent = FieldPath.root('metadata').child('annotations');
    parent.key('a');
    parent.child('b');
    expect(String(parent)).toBe('metadata.annotations');
    expect(String(parent.key('c'))).toBe('metadata.annotations[c]');
  });

  it('is its parent’s text and one more step', () => {
    const steps = fc.array(fc.oneof(fc.nat(), fc.string()), { maxLength: 20 });
    fc.assert(
      fc.property(steps, (taken) => {
        let path = FieldPath.root('spec');
        let text = 'spec';
        for (const step of taken) {
          path = typeof step === 'number' ? path.index(step) : path.child(step);
          text += typeof step === 'number' ? `[${step}]` : `.${step}`;
        }
        expect(path.toString()).toBe(text);
      }),
    );
  });
});
