import { openSync, readFileSync, writeSync } from 'node:fs';
import { targets } from '../targets/targets.ts';
import { Campaign, faultOf } from './campaign.ts';
import type { Fault } from './fault.ts';

/** What the watching process tells this one, as JSON in its first argument. */
export interface Orders {
  readonly mode: 'fuzz' | 'try';
  readonly targets: readonly string[];
  readonly seed: number;
  readonly stream: number;
  readonly edges: number;
  readonly inputs: number;
  /** Fuzz: where the input at hand is written. Try: where the input stands. */
  readonly file: string;
}

const REPORT_MS = 250;
const HEADER_BYTES = 12;
const MOST_BYTES = 1 << 20;

/** Serves one process of the fuzzer: inputs until it is told to stop or has given as many as ordered. */
export function serveFuzzing(allCounters: Uint8Array): void {
  const orders = JSON.parse(process.argv[2] as string) as Orders;
  const chosen = orders.targets.map((name) => targets.find((target) => target.name === name) as (typeof targets)[number]);
  if (orders.mode === 'try') tryOnce(chosen[0] as (typeof targets)[number], readFileSync(orders.file));
  else void fuzz(orders, chosen, allCounters.subarray(0, (orders.edges + 3) & ~3));
}

const peakRssBytes = (): number => process.resourceUsage().maxRSS * 1024;
const processorMs = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};
const told = (message: object): Promise<void> => new Promise((resolve) => (process.send === undefined ? resolve() : process.send(message, () => resolve())));

function tryOnce(target: (typeof targets)[number], input: Uint8Array): void {
  const before = peakRssBytes();
  const start = processorMs();
  const fault = faultOf(target, Uint8Array.from(input));
  void told({ type: 'tried', fault: fault ?? null, processorMs: processorMs() - start, grownBytes: peakRssBytes() - before, peakRssBytes: peakRssBytes() }).then(() => process.exit(0));
}

async function fuzz(orders: Orders, chosen: typeof targets, counters: Uint8Array): Promise<void> {
  // Refusals are the common case here, and nobody reads their stacks.
  Error.stackTraceLimit = 0;
  const file = openSync(orders.file, 'w+');
  const record = new Uint8Array(HEADER_BYTES + MOST_BYTES);
  const header = new DataView(record.buffer);
  const faults: Fault[] = [];
  /** After which input the process held most, and how much. */
  let fullest: { readonly bytes: number; readonly target: number; readonly input: Uint8Array } = { bytes: peakRssBytes(), target: 0, input: new Uint8Array(0) };
  let given = 0;
  let stop = false;
  process.on('message', () => {
    stop = true;
  });
  process.on('disconnect', () => process.exit(0));
  const campaign = new Campaign({
    targets: chosen,
    seed: orders.seed,
    stream: orders.stream,
    counters,
    before(target, input) {
      given += 1;
      header.setUint32(0, given);
      header.setUint32(4, chosen.indexOf(target));
      header.setUint32(8, input.length);
      record.set(input.subarray(0, MOST_BYTES), HEADER_BYTES);
      writeSync(file, record, 0, HEADER_BYTES + input.length, 0);
    },
    found: (fault) => faults.push(fault),
    took(target, input) {
      const bytes = peakRssBytes();
      if (bytes > fullest.bytes + 32 * 1024 * 1024) fullest = { bytes, target: chosen.indexOf(target), input };
    },
    wallMs: () => performance.now(),
    processorMs,
  });
  const report = (isLast: boolean): Promise<void> => {
    const message = {
      type: 'progress', isLast, given, progress: campaign.progress, processorMs: processorMs(), seen: Buffer.from(campaign.seen()).toString('base64'), peakRssBytes: peakRssBytes(), fullest: { target: fullest.target, input: Buffer.from(fullest.input).toString('hex') },
      faults: faults.splice(0).map((fault) => ({ ...fault, input: Buffer.from(fault.input).toString('hex') })),
    };
    return told(message);
  };
  let reported = performance.now();
  for (const _ of campaign.steps()) {
    if (given >= orders.inputs) break;
    if ((given & 15) !== 0 || performance.now() - reported < REPORT_MS) continue;
    await report(false);
    // Lets the order to stop in.
    await new Promise((resolve) => setImmediate(resolve));
    reported = performance.now();
    if (stop) break;
  }
  await report(true);
  process.exit(0);
}
