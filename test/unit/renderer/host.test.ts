import * as v from 'valibot';
import { expect, test } from 'vitest';
import { machine } from '../../../renderer/host/machine.ts';
import { plainHost } from '../../../renderer/host/plain-host.ts';
import { command } from '../../../src/host/contract.ts';
import { serve } from '../../../src/host/serve.ts';

const contract = { 'thing.count': command(v.strictObject({ to: v.number() }), v.strictObject({ counted: v.number() })) } as const;
const hostWith = (count: (to: number, context: { progress: (p: { fraction: number | null; activity: string }) => void; isCancelled: () => boolean }) => number) =>
  plainHost<typeof contract>(serve(contract, { 'thing.count': ({ to }, context) => ({ counted: count(to, context) }) }, () => undefined));

test('a view asks by the contract\'s names and gets an answer or an error as data', async () => {
  const host = hostWith((to) => to);
  expect(await host['thing.count']({ to: 3 })).toEqual({ ok: true, value: { counted: 3 } });
  expect(await host['thing.count']({ to: 'three' as never })).toMatchObject({ ok: false, error: { code: 'host.bad-request' } });
  const broken = hostWith(() => { throw new Error('with a secret inside'); });
  const reply = await broken['thing.count']({ to: 1 });
  expect(reply).toMatchObject({ ok: false, error: { code: 'host.unknown' } });
  expect(JSON.stringify(reply)).not.toContain('secret');
});

test('progress comes to the view that asked, and giving up reaches the work', async () => {
  const seen: string[] = [];
  const controller = new AbortController();
  const host = hostWith((_, context) => {
    context.progress({ fraction: 0.5, activity: 'Counting' });
    controller.abort();
    return context.isCancelled() ? 1 : 0;
  });
  const reply = await host['thing.count']({ to: 1 }, { onProgress: (progress) => seen.push(progress.activity), signal: controller.signal });
  expect(seen).toEqual(['Counting']);
  expect(reply).toEqual({ ok: true, value: { counted: 1 } });
});

test('a machine changes by events alone', () => {
  const counter = machine(0, (state: number, event: 'up' | 'none') => (event === 'up' ? state + 1 : state));
  counter.send('up');
  counter.send('none');
  expect(counter.state.value).toBe(1);
});
