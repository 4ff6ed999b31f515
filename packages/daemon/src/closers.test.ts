import { describe, expect, it } from 'vitest';

import { Closers } from './closers.ts';

describe('closers', () => {
  it('end the last first, and all of them where one fails', async () => {
    const order: string[] = [];
    const closers = new Closers();
    closers.add(() => order.push('first'));
    closers.add(() => {
      order.push('second');
      throw new Error('second failed');
    });
    closers.add(async () => {
      await Promise.resolve();
      order.push('third');
    });
    await expect(closers.close()).rejects.toThrow('second failed');
    expect(order).toEqual(['third', 'second', 'first']);
    await closers.close();
    expect(order).toHaveLength(3);
  });

  it('of several failures the first one counts', async () => {
    const closers = new Closers();
    for (const name of ['one', 'two']) {
      closers.add(() => {
        throw new Error(name);
      });
    }
    await expect(closers.close()).rejects.toThrow('two');
  });
});
