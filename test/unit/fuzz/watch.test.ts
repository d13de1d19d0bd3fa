import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { tryAlone, watched } from '../../fuzz/engine/watch.mjs';
import type { Orders } from '../../fuzz/engine/worker.ts';

/** A process that writes down an input as the fuzzer's do, and then does what the test is about. */
const program = (deed: string): string => `
  import { writeFileSync } from 'node:fs';
  const orders = JSON.parse(process.argv[2]);
  if (orders.mode === 'fuzz') {
    const record = Buffer.alloc(15);
    record.writeUInt32BE(41, 0); record.writeUInt32BE(2, 4); record.writeUInt32BE(3, 8); record.write('bad', 12);
    writeFileSync(orders.file, record);
  }
  ${deed}`;

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'strongroom-watch-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function endingOf(name: string, deed: string): Promise<{ kind: string; target?: number; input?: Buffer; message?: string }> {
  const bundle = join(folder, `${name}.mjs`);
  writeFileSync(bundle, program(deed));
  const orders: Orders = { mode: 'fuzz', targets: [], seed: 1, stream: 0, edges: 0, inputs: 1, file: join(folder, `${name}.input`) };
  return watched({ bundle, orders, told: () => undefined, killAfter: { processorMs: 300, wallMs: 5000 } }).ended;
}
const withText = ({ input, ...ending }: Awaited<ReturnType<typeof endingOf>>): object => ({ ...ending, input: input?.toString() });

test('a process that comes to no end is killed, and the input that it was at is known', async () => {
  expect(withText(await endingOf('hang', 'for (;;);'))).toEqual({ kind: 'hang', given: 41, target: 2, input: 'bad', message: expect.stringMatching(/^no end after \d+ ms/) });
});

test('a process that holds too much memory is killed, and the input after which it held most is known', async () => {
  expect(withText(await endingOf('memory', "process.send({ type: 'progress', peakRssBytes: 600 * 1024 * 1024, fullest: { target: 1, input: '6d7563' } }); setInterval(() => {}, 1000);"))).toEqual({ kind: 'memory', given: 41, target: 1, input: 'muc', message: 'the process held 600 MiB' });
});

test('a process that dies says with what, and the input that it was at is known', async () => {
  expect(withText(await endingOf('crash', "throw new RangeError('planted');"))).toEqual({ kind: 'crash', given: 41, target: 2, input: 'bad', message: 'the process ended with 1: RangeError: planted' });
});

test('a process that fills its heap dies before the machine does', async () => {
  expect(withText(await endingOf('heap', 'const all = []; for (;;) all.push(new Array(1000).fill(all.length + 0.5));'))).toMatchObject({ kind: 'crash', input: 'bad', message: expect.stringContaining('FATAL ERROR') });
}, 60_000);

test('a process that did its work ends well', async () => {
  expect(await endingOf('done', "process.send({ type: 'progress', isLast: true, peakRssBytes: 1 }, () => process.exit(0));")).toEqual({ kind: 'done', given: 0 });
});

test('one input alone: what it did, or that the process died of it', async () => {
  const bundle = join(folder, 'try.mjs');
  writeFileSync(bundle, program("process.send({ fault: null, processorMs: 1, grownBytes: 2, peakRssBytes: 3 }, () => process.exit(0));"));
  expect(await tryAlone(bundle, 'decode', Buffer.from('bad'), join(folder, 'try.input'))).toEqual({ fault: null, processorMs: 1, grownBytes: 2, peakRssBytes: 3 });
  writeFileSync(bundle, program('process.abort();'));
  expect(await tryAlone(bundle, 'decode', Buffer.from('bad'), join(folder, 'try.input'))).toBe('crash');
});
