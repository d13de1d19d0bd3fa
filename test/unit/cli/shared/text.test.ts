import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nearestName } from '../../../../src/cli/shared/nearest-name.ts';
import { createProgressLine, progressText } from '../../../../src/cli/shared/progress-line.ts';
import { btc, columns, inFours, satsText, table, wrap } from '../../../../src/cli/shared/text-layout.ts';
import { harmlessLine, terminalStyle } from '../../../../src/cli/shared/text-style.ts';
import { typeCharacter } from '../../../../src/cli/shared/terminal-prompt.ts';

describe('layout', () => {
  test('amounts are shown in BTC with eight decimals and in satoshis with thousands', () => {
    expect(btc('18400000')).toBe('0.18400000 BTC');
    expect(btc('-5')).toBe('-0.00000005 BTC');
    expect(satsText('18400000')).toBe('18,400,000 sat');
    expect(satsText('141')).toBe('141 sat');
  });

  test('an address in fours holds every character', () => {
    expect(inFours('bcrt1qxyz')).toBe('bcrt 1qxy z');
    fc.assert(fc.property(fc.string({ unit: fc.constantFrom('a', '1', 'z') }), (address) => inFours(address).replaceAll(' ', '') === address));
  });

  test('a table aligns by what is visible, not by escape sequences', () => {
    expect(table([['a', '1', 'x'], [terminalStyle.bold('bbb'), '22', 'y']], [1])).toEqual(['a     1  x', `${terminalStyle.bold('bbb')}  22  y`]);
  });

  test('no line of wrapped text is wider than asked, and no word is lost', () => {
    fc.assert(fc.property(fc.array(fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 10 }).filter((word) => !/\s/.test(word))), (words) => {
      const lines = wrap(words.join(' '), 24, '  ');
      expect(lines.every((line) => line.length <= 24)).toBe(true);
      expect(lines.flatMap((line) => line.trim().split(/\s+/)).filter((word) => word !== '')).toEqual(words);
    }));
  });

  test('an explanation wraps below itself', () => {
    expect(columns([['--a', 'one two three']], 12)).toEqual(['--a  one two', '     three']);
  });
});

describe('the nearest name', () => {
  test.each([['--netwrok', '--network'], ['--net', '--network'], ['--ot', '--out'], ['--frobnicate', null], ['--x', null]])('%s means %s', (typed, meant) => {
    expect(nearestName(typed, ['--network', '--out', '--label'])).toBe(meant);
  });
});

describe('progress', () => {
  test('an estimate is given once a second has passed', () => {
    expect(progressText({ fraction: 0.25, activity: 'Scanning' }, 500)).toBe('Scanning 25 %');
    expect(progressText({ fraction: 0.25, activity: 'Scanning' }, 10_000)).toBe('Scanning 25 %, about 30 s left');
    expect(progressText({ fraction: 0.01, activity: 'Scanning' }, 10_000)).toBe('Scanning 1 %, about 17 min left');
    expect(progressText({ fraction: null, activity: 'Opening' }, 3000)).toBe('Opening (3 s so far)');
  });

  test('the line is redrawn at most ten times a second', () => {
    let at = 0;
    let writes = 0;
    const line = createProgressLine(() => (writes += 1), true, () => at);
    for (at = 0; at < 1000; at += 1) line.tell({ fraction: 0.5, activity: 'a' });
    expect(writes).toBe(10);
  });

  test('an estimate is timed from where the work that is shown began, not from what came before it', () => {
    let at = 0;
    let shown = '';
    const line = createProgressLine((text) => { shown = text; }, true, () => at);
    const tell = (ms: number, fraction: number | null): void => {
      at = ms;
      line.tell({ fraction, activity: 'a' });
    };
    tell(0, null);
    tell(10_000, 0);
    tell(12_000, 0.5);
    expect(shown).toContain('a 50 %, about 2 s left');
    tell(20_000, null);
    // The next piece of work.
    tell(30_000, 0);
    tell(32_000, 0.25);
    expect(shown).toContain('a 25 %, about 6 s left');
  });
});

describe('the prompt', () => {
  const type = (keys: string) => [...keys].reduce<ReturnType<typeof typeCharacter>>((state, key) => (state.kind === 'typing' ? typeCharacter(state.line, key) : state), { kind: 'typing', line: '' });

  test('Enter ends, Backspace and Ctrl-U correct', () => {
    expect(type('ab\u007fc\r')).toEqual({ kind: 'entered', line: 'ac' });
    expect(type('wrong\u0015right\n')).toEqual({ kind: 'entered', line: 'right' });
    expect(type('\u007f\r')).toEqual({ kind: 'entered', line: '' });
  });

  test('Ctrl-C always cancels, Ctrl-D on an empty line only', () => {
    expect(type('abc\u0003')).toEqual({ kind: 'cancelled' });
    expect(type('\u0004')).toEqual({ kind: 'cancelled' });
    expect(type('a\u0004b\r')).toEqual({ kind: 'entered', line: 'ab' });
  });

  test('other control characters are no part of a passphrase, letters of every script are', () => {
    expect(type('a\tb\u001bé日\r')).toEqual({ kind: 'entered', line: 'abé日' });
  });
});

test('a harmless line holds no control character but the stresses of the style', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (line) => {
    expect(harmlessLine(line).replace(/\u001b\[(1|2|22)m/g, '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  }));
  expect(harmlessLine(terminalStyle.dim('x'))).toBe(terminalStyle.dim('x'));
});
