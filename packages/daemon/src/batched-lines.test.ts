import { describe, expect, it, vi } from 'vitest';

import { BatchedLines } from './batched-lines.ts';

describe('B57: lines in batches', () => {
  it('B57: lines wait for each other a tenth of a second, then go out as one', () => {
    vi.useFakeTimers();
    try {
      const written: string[] = [];
      const lines = new BatchedLines({ write: (text) => written.push(text) });
      lines.write('a\n');
      vi.advanceTimersByTime(60);
      lines.write('b\n');
      expect(written).toEqual([]);
      vi.advanceTimersByTime(40);
      expect(written).toEqual(['a\nb\n']);
      vi.advanceTimersByTime(1000);
      expect(written).toHaveLength(1);
      lines.write('c\n');
      vi.advanceTimersByTime(50);
      lines.flush();
      lines.write('d\n');
      vi.advanceTimersByTime(60);
      expect(written).toEqual(['a\nb\n', 'c\n']);
      vi.advanceTimersByTime(40);
      expect(written).toEqual(['a\nb\n', 'c\n', 'd\n']);
    } finally {
      vi.useRealTimers();
    }
  });

  it('B57: many lines do not wait, and a flush leaves nothing behind', () => {
    const written: string[] = [];
    const lines = new BatchedLines({ write: (text) => written.push(text) });
    const line = `${'x'.repeat(999)}\n`;
    for (let count = 0; count < 100; count++) lines.write(line);
    expect(written.length).toBeGreaterThan(5);
    expect(written.length).toBeLessThan(15);
    lines.flush();
    expect(written.join('')).toBe(line.repeat(100));
    lines.flush();
    expect(written.at(-1)).not.toBe('');
  });
});
