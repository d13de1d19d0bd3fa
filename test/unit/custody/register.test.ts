import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CustodyEntry } from '../../../src/custody/entry.ts';
import { entryOfNote, madeEntries } from '../../../src/custody/events.ts';
import { emptyRegister, record, requirePrintable } from '../../../src/custody/register.ts';
import { idOf, made, printed, reprinted, sealed, voided } from './fixtures.ts';

const a = idOf('a');
const b = idOf('b');
const stateAfter = (...entries: readonly CustodyEntry[]) => record(emptyRegister, entries).get(a);
const transition = expect.objectContaining({ code: 'custody.transition' });

test('a sheet goes from printed to made to sealed, and its history says who said what when', () => {
  expect(stateAfter(printed(), made(), sealed())).toEqual({
    sheetId: a, serial: 'SEED-73C5DA0A', kind: 'seed', part: 'secret', label: 'alice', network: 'practice', fingerprint: '73c5da0a', pages: 1,
    state: 'sealed', seal: 'BAG 0017',
    history: [
      { at: '2026-11-22T10:00:00Z', event: 'printed', by: 'Ada', remark: '' },
      { at: '2026-11-22T10:00:00Z', event: 'made', by: 'Ada', remark: 'read back by its codes' },
      { at: '2026-11-22T10:00:00Z', event: 'sealed', by: 'Ada', remark: 'bag BAG 0017' },
    ],
  });
});

describe('what may follow what', () => {
  test.each([
    ['printed again before it was read back', [printed(), printed()], 'printed'],
    ['printed again after it was read back: the new paper must be read back too', [printed(), made(), printed()], 'printed'],
    ['sealed in another bag', [printed(), made(), sealed(), sealed(a, 'BAG 0018')], 'sealed'],
    ['void as soon as it is printed', [printed(), voided()], 'void'],
    ['void when it was sealed', [printed(), made(), sealed(), voided()], 'void'],
    ['void when it was replaced: the old paper is destroyed', [printed(), printed(b), reprinted(), voided()], 'void'],
    ['replaced when it was sealed', [printed(), made(), sealed(), printed(b), reprinted()], 'reprinted'],
  ])('%s', (_name, entries, state) => {
    expect(stateAfter(...entries)?.state).toBe(state);
  });

  test.each([
    ['sealing a sheet that was never read back', [printed(), sealed()]],
    ['sealing one that was printed again and not read back', [printed(), made(), printed(), sealed()]],
    ['making a void one', [printed(), voided(), made()]],
    ['sealing a void one', [printed(), made(), voided(), sealed()]],
    ['voiding one twice', [printed(), voided(), voided()]],
    ['printing one that lies in its bag', [printed(), made(), sealed(), printed()]],
    ['printing a void one', [printed(), voided(), printed()]],
    ['making one that is in its bag', [printed(), made(), sealed(), made()]],
    ['a replacement by itself', [printed(), reprinted(a, a)]],
    ['a replacement by a sheet of another key', [printed(), printed(b, { fingerprint: 'ffffffff' }), reprinted()]],
    ['a replacement by the other part', [printed(), printed(b, { part: 'public' }), reprinted()]],
    ['a replacement that is void itself', [printed(), printed(b), voided(b), reprinted()]],
    ['a replacement of a void one', [printed(), voided(), printed(b), reprinted()]],
  ])('refused: %s', (_name, entries) => {
    expect(() => stateAfter(...entries)).toThrow(transition);
  });

  test.each([
    ['made', [made()]],
    ['sealed', [sealed()]],
    ['void', [voided()]],
    ['replaced by one that is not there', [printed(), reprinted(a, idOf('f'))]],
  ])('a sheet that is not in the register cannot become %s', (_name, entries) => {
    expect(() => stateAfter(...entries)).toThrow(expect.objectContaining({ code: 'custody.unknown-sheet' }));
  });
});

test('many entries are recorded all or none', () => {
  const before = record(emptyRegister, [printed()]);
  expect(() => record(before, [made(), printed(b), made(b), sealed(idOf('c'))])).toThrow(expect.objectContaining({ code: 'custody.unknown-sheet' }));
  expect([...before.keys()]).toEqual([a]);
  expect(before.get(a)?.state).toBe('printed');
});

test('no sequence of entries makes a sealed sheet that was not read back since it was last printed', () => {
  const step = fc.constantFrom(printed(), made(), sealed(), voided(), printed(b), reprinted());
  fc.assert(
    fc.property(fc.array(step, { maxLength: 14 }), (entries) => {
      let register = emptyRegister;
      for (const entry of entries) {
        try {
          register = record(register, [entry]);
        } catch {
          // Refused: the register is as it was.
        }
      }
      const kept = register.get(a);
      if (kept?.state !== 'sealed') return;
      const events = kept.history.map(({ event }) => event);
      expect(events.lastIndexOf('made')).toBeGreaterThan(events.lastIndexOf('printed'));
    }),
  );
});

test('before a printer is asked it is known whether the sheet may be printed', () => {
  const register = record(emptyRegister, [printed(), made(), sealed(), printed(b)]);
  expect(() => requirePrintable(register, [b, idOf('c')])).not.toThrow();
  expect(() => requirePrintable(register, [b, a])).toThrow(transition);
});

describe('a sheet that was read back', () => {
  const forCustody = { sheetId: a, serial: 'SEED-73C5DA0A', kind: 'seed', part: 'secret', label: 'alice', network: 'practice', fingerprint: '73c5da0a', pages: 1 } as const;
  const saying = { at: Date.parse('2026-11-22T12:00:00.987Z'), by: 'Ada' };

  test('comes into the register when it was printed from its file', () => {
    const entries = madeEntries(emptyRegister, forCustody, 'words', saying);
    expect(entries.map(({ event, at }) => [event, at])).toEqual([['printed', '2026-11-22T12:00:00Z'], ['made', '2026-11-22T12:00:00Z']]);
    expect(record(emptyRegister, entries).get(a)?.history.map(({ remark }) => remark)).toEqual(['printed from a file', 'read back by its check words']);
  });

  test('is not made twice, nor taken out of its bag', () => {
    expect(madeEntries(record(emptyRegister, [printed(), made()]), forCustody, 'codes', saying)).toEqual([]);
    expect(madeEntries(record(emptyRegister, [printed(), made(), sealed()]), forCustody, 'codes', saying)).toEqual([]);
    expect(madeEntries(record(emptyRegister, [printed()]), forCustody, 'codes', saying).map(({ event }) => event)).toEqual(['made']);
  });

  test('cannot be made when it is void', () => {
    const register = record(emptyRegister, [printed(), voided()]);
    expect(() => record(register, madeEntries(register, forCustody, 'codes', saying))).toThrow(transition);
  });
});

test('what a person notes becomes an entry', () => {
  const at = Date.parse('2026-11-22T12:00:00Z');
  expect(entryOfNote({ event: 'sealed', sheetId: a, by: 'Ada', seal: 'BAG 1', remark: '' }, at)).toEqual({ event: 'sealed', at: '2026-11-22T12:00:00Z', sheetId: a, by: 'Ada', remark: '', seal: 'BAG 1' });
  expect(entryOfNote({ event: 'void', sheetId: a, by: 'Ada', remark: 'torn' }, at)).toEqual({ event: 'void', at: '2026-11-22T12:00:00Z', sheetId: a, by: 'Ada', remark: 'torn' });
  expect(entryOfNote({ event: 'reprinted', sheetId: a, by: 'Ada', replacement: b, remark: '' }, at)).toEqual({ event: 'reprinted', at: '2026-11-22T12:00:00Z', sheetId: a, by: 'Ada', remark: '', replacement: b });
});
