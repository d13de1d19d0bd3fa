import { beforeEach, describe, expect, test } from 'vitest';
import { codeModules } from '../../../src/airgap/frames/code-modules.ts';
import { toBase64 } from '../../../src/domain/bytes.ts';
import { bestDensity, measuredWith, type Measured } from '../../../renderer/frames/calibration.ts';
import { drawnCode, fittingSide } from '../../../renderer/frames/code-path.ts';
import { framePlayer, type FramePlayer } from '../../../renderer/frames/frame-player.ts';
import { densities, kindName, missingWords, nearestStep, otherWords, positionWords, progressWords } from '../../../renderer/frames/frame-words.ts';
import type { FramesHost, ScanReport } from '../../../renderer/frames/frames-host.ts';
import { scanActions } from '../../../renderer/frames/scan-actions.ts';
import { noScan, scanTransition, type ScanEvent, type ScanView } from '../../../renderer/frames/scan-state.ts';
import { machine, type Machine } from '../../../renderer/host/machine.ts';
import { dropProblem } from '../../../renderer/ui/file-content.ts';

/* Codes in the windows: drawn, played, scanned, and told of in words. */

describe('drawing', () => {
  test('dark modules become rectangles behind a quiet zone of four modules, runs as one', () => {
    // 1 1 0 / 0 0 1 / 1 0 1, each row filled up to a byte.
    expect(drawnCode({ size: 3, rowsBase64: toBase64(Uint8Array.of(0b1100_0000, 0b0010_0000, 0b1010_0000)) })).toEqual({ side: 11, path: 'M4 4h2v1h-2zM6 5h1v1h-1zM4 6h1v1h-1zM6 6h1v1h-1z' });
  });

  test('rows that are fewer than the size says draw nothing', () => {
    expect(() => drawnCode({ size: 25, rowsBase64: toBase64(new Uint8Array(75)) })).toThrow(RangeError);
  });

  test('the path covers exactly the dark modules of the largest code', () => {
    const { size, rows } = codeModules('S$1P'.padEnd(4000, 'A7'), 40);
    const { side, path } = drawnCode({ size, rowsBase64: toBase64(rows) });
    const drawn = [...path.matchAll(/M\d+ \d+h(\d+)v1h-(\d+)z/g)].reduce((sum, [, there, back]) => (expect(there).toBe(back), sum + Number(there)), 0);
    const dark = rows.reduce((sum, byte) => sum + byte.toString(2).replaceAll('0', '').length, 0);
    expect([side, drawn]).toEqual([185, dark]);
  });

  test('a module is a whole number of the screen\'s pixels, whatever their ratio', () => {
    expect(fittingSide(133, 640, 1)).toBe(532);
    expect(fittingSide(133, 640, 2)).toBe(598.5);
    expect(fittingSide(185, 100, 1)).toBe(185);
  });
});

describe('playing', () => {
  let shown: number[];
  let asked: { from: number; answer: (codes: readonly string[] | null) => void }[];
  let player: FramePlayer;
  const settled = (): Promise<void> => new Promise((done) => { setTimeout(done, 0); });
  const answer = async (last = asked.at(-1)): Promise<void> => {
    last?.answer(Array.from({ length: 20 }, (_, index) => String(last.from + index)));
    await settled();
  };
  beforeEach(() => {
    shown = [];
    asked = [];
    player = framePlayer<string>({ codes: (from) => new Promise((done) => { asked.push({ from, answer: done }); }), show: (code, position) => { expect(code).toBe(String(position)); shown.push(position); } });
  });
  const begun = async (): Promise<void> => {
    player.setSpeed(10);
    player.play();
    const beginning = player.begin();
    await answer();
    await beginning;
  };

  test('codes come one after the other at the chosen speed, sixty times a second looked at', async () => {
    await begun();
    for (let tick = 0; tick <= 60; tick += 1) player.tick((tick * 1000) / 60);
    expect(shown).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    player.setSpeed(2);
    for (let tick = 61; tick <= 180; tick += 1) {
      player.tick((tick * 1000) / 60);
      if (asked.length > 1) await answer();
    }
    expect(shown.length - 12).toBeGreaterThanOrEqual(4);
    expect(shown.length - 12).toBeLessThanOrEqual(5);
  });

  test('codes that are late are waited for: none is left out, and none flashes past to make up for it', async () => {
    await begun();
    for (let at = 0; at < 5000; at += 100) player.tick(at);
    expect(shown.at(-1)).toBe(19);
    await answer();
    player.tick(5000);
    player.tick(5016);
    player.tick(5033);
    expect(shown.slice(-2)).toEqual([19, 20]);
  });

  test('what is needed next is asked for once, before it is due', async () => {
    await begun();
    for (let at = 0; at < 1000; at += 100) player.tick(at);
    expect(asked.map(({ from }) => from)).toEqual([0, 20]);
  });

  test('paused it stands; a step goes on or back by one, and never before the first', async () => {
    await begun();
    player.pause();
    for (let at = 0; at < 1000; at += 100) player.tick(at);
    expect(shown).toEqual([0]);
    player.step(1);
    player.step(1);
    player.step(-1);
    player.step(-1);
    player.step(-1);
    expect(shown).toEqual([0, 1, 2, 1, 0, 0]);
    player.tick(99_999);
    expect(shown).toHaveLength(6);
  });

  test('a step pauses what plays', async () => {
    await begun();
    player.step(1);
    for (let at = 0; at < 1000; at += 100) player.tick(at);
    expect(shown).toEqual([0, 1]);
  });

  test('a host that gives no codes ends it, and an ended player shows nothing that comes late', async () => {
    await begun();
    for (let at = 0; at < 3000; at += 100) player.tick(at);
    asked.at(-1)?.answer(null);
    await settled();
    const before = shown.length;
    for (let at = 3000; at < 6000; at += 100) player.tick(at);
    expect([shown.length, asked.length]).toEqual([before, 2]);
    const late = framePlayer<string>({ codes: (from) => new Promise((done) => { asked.push({ from, answer: done }); }), show: () => { throw new Error('shown'); } });
    const beginning = late.begin();
    late.end();
    await answer();
    await beginning;
  });
});

describe('in words', () => {
  const transfer = { parts: 12, isFountain: false };
  const report = { received: 8, missing: [3, 7, 8, 9], isComplete: false };

  test('which codes are missing, or how many of any', () => {
    expect(missingWords([3, 7, 8, 9, 12])).toBe('3, 7-9, 12');
    expect(missingWords(Array.from({ length: 40 }, (_, index) => 1 + 2 * index))).toBe('1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23 and more');
    expect(progressWords(transfer, report)).toBe('8 of 12 codes; missing: 3, 7-9.');
    expect(progressWords({ ...transfer, isFountain: true }, report)).toBe('8 of 12 codes; 4 more codes of any number needed.');
    expect(progressWords({ ...transfer, isFountain: true }, { ...report, received: 11 })).toBe('11 of 12 codes; 1 more code of any number needed.');
    expect(progressWords(transfer, { ...report, isComplete: true })).toBe('Complete.');
  });

  test('where an animation is', () => {
    expect(positionWords(11, transfer)).toBe('Code 12 of 12');
    expect(positionWords(13, transfer)).toBe('Code 2 of 12, round 2');
    expect(positionWords(13, { ...transfer, isFountain: true })).toBe('Further code 14: any of them helps');
    expect(positionWords(0, { parts: 1, isFountain: false })).toBe('One code holds everything');
  });

  test('what else is in view', () => {
    expect(otherWords({ name: 'bbqr P 12', why: 'other-transfer', kind: 'psbt', codes: 3 })).toBe('Codes of another transfer are in view (bbqr P 12). They are not mixed into this one.');
    expect(otherWords({ name: 'plain text', why: 'other-kind', kind: 'text', codes: 1 })).toBe('A code in view holds a text (plain text), which is not what is read here.');
    expect(kindName(null)).toBe('something that is known only at its end');
  });

  test('a density is offered by its nearest step', () => {
    expect([1, 4, 5, 11, 27, 28, 40].map((version) => densities[nearestStep(version)])).toEqual([4, 4, 4, 10, 27, 27, 40]);
  });
});

describe('scanning', () => {
  const picture = { width: 16, height: 16, luma: new Uint8Array(256) };
  const empty: ScanReport = { seen: 0, transfer: null, received: 0, missing: [], isComplete: false, others: [], problem: null };
  const whole: ScanReport = { ...empty, seen: 1, received: 1, isComplete: true, transfer: { format: 'bbqr', name: 'n', kind: 'psbt', parts: 1, isFountain: false } };
  let calls: [string, unknown][];
  let replies: Record<string, unknown>;
  let scan: Machine<ScanView, ScanEvent>;
  let taken: unknown[];
  let actions: ReturnType<typeof scanActions>;
  beforeEach(() => {
    calls = [];
    taken = [];
    replies = { 'frames.begin': { session: 's' }, 'frames.scan': empty, 'frames.reset': empty, 'frames.result': { kind: 'psbt', contentBase64: 'AA==', name: 'transaction-3f9a.psbt' }, 'frames.drop': {} };
    const host = new Proxy({}, { get: (_, name: string) => async (input: unknown) => {
      calls.push([name, input]);
      const reply = replies[name];
      return reply instanceof Error ? { ok: false, error: { code: reply.message, message: 'm', details: {}, hint: 'h' } } : { ok: true, value: reply };
    } }) as FramesHost;
    scan = machine<ScanView, ScanEvent>(noScan, scanTransition);
    actions = scanActions(host, scan, (file) => taken.push(file));
  });

  test('no picture is looked at before the host has opened the scan', async () => {
    await actions.look(picture);
    await actions.lookAtFiles();
    await actions.startOver();
    expect(calls).toEqual([]);
  });

  test('what is whole is handed on once, as a file, and later pictures are not looked at', async () => {
    await actions.begin(['psbt']);
    await actions.look(picture);
    expect([taken, scan.state.value.report]).toEqual([[], empty]);
    replies['frames.scan'] = whole;
    await Promise.all([actions.look(picture), actions.look(picture)]);
    await actions.look(picture);
    expect(taken).toEqual([{ name: 'transaction-3f9a.psbt', contentBase64: 'AA==' }]);
    expect(calls.filter(([name]) => name === 'frames.result')).toEqual([['frames.result', { session: 's' }]]);
    actions.end();
    expect(calls.at(-1)).toEqual(['frames.drop', { handle: 's' }]);
  });

  test('pictures from files count like the camera\'s; none chosen changes nothing', async () => {
    await actions.begin(['psbt']);
    replies['frames.scan-file'] = null;
    await actions.lookAtFiles();
    expect(scan.state.value.report).toBe(null);
    replies['frames.scan-file'] = whole;
    await actions.lookAtFiles();
    expect(taken).toHaveLength(1);
  });

  test('an error is shown; that the camera was switched off under a picture is none', async () => {
    await actions.begin(['psbt']);
    replies['frames.scan'] = new Error('host.cancelled');
    await actions.look(picture);
    expect(scan.state.value.error).toBe(null);
    replies['frames.scan'] = new Error('picture.unreadable');
    await actions.look(picture);
    expect(scan.state.value.error).toMatchObject({ code: 'picture.unreadable' });
    await actions.startOver();
    expect(scan.state.value).toMatchObject({ error: null, report: empty });
  });
});

describe('measuring', () => {
  const marks = (version: number, count: number) => Array.from({ length: count }, (_, number) => ({ version, number }));

  test('the highest density of which ten of twelve codes were read is the one to use', () => {
    let measured: Measured = new Map();
    expect(bestDensity(measured)).toBe(null);
    measured = measuredWith(measuredWith(measured, marks(14, 12)), marks(27, 10));
    measured = measuredWith(measured, marks(40, 9));
    expect(bestDensity(measured)).toBe(27);
  });

  test('a code that is seen again counts once', () => {
    const measured = measuredWith(new Map(), marks(20, 4));
    expect(measuredWith(measured, marks(20, 3))).toBe(measured);
    expect(measuredWith(measured, marks(20, 5)).get(20)?.size).toBe(5);
  });
});

test('files that are dropped are judged by number and size before anything of them is read', () => {
  const file = (name: string, size: number) => ({ name, size });
  expect(dropProblem([file('a.psbt', 17_825_792)])).toBe(null);
  expect(dropProblem([file('a.psbt', 10), file('film.mkv', 17_825_793)])).toBe('film.mkv is larger than anything of this kind. It was not read.');
  expect(dropProblem(Array.from({ length: 31 }, (_, index) => file(`${index}.psbt`, 10)))).toBe('These are 31 files; at most 30 are taken at once.');
});
