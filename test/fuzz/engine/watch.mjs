import { fork } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, readSync, writeFileSync } from 'node:fs';

/** No input may take longer, by the processor's time. A process that has not come to an end by the third of these is killed. */
export const MOST_MILLISECONDS = 1000;
export const MOST_MEMORY_BYTES = 512 * 1024 * 1024;
const KILL_AFTER = { processorMs: 3 * MOST_MILLISECONDS, wallMs: 60_000 };
const LOOK_EVERY_MS = 500;
const HEADER_BYTES = 12;
const TICKS_A_SECOND = 100;

/** The processor's time of a process, milliseconds; `null` where the system does not say it this way. */
function processorMsOf(pid) {
  try {
    const [user, system] = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /s, '').split(' ').slice(11, 13).map(Number);
    return ((user + system) * 1000) / TICKS_A_SECOND;
  } catch {
    return null;
  }
}

/** The number of the input at hand, its target's place, and the input. */
function readRecord(path) {
  if (!existsSync(path)) return null;
  const file = openSync(path, 'r');
  try {
    const header = Buffer.alloc(HEADER_BYTES);
    if (readSync(file, header, 0, HEADER_BYTES, 0) < HEADER_BYTES) return null;
    const input = Buffer.alloc(Math.min(header.readUInt32BE(8), 1 << 20));
    readSync(file, input, 0, input.length, HEADER_BYTES);
    return { given: header.readUInt32BE(0), target: header.readUInt32BE(4), input };
  } finally {
    closeSync(file);
  }
}

const start = (bundle, orders) => fork(bundle, [JSON.stringify(orders)], { stdio: ['ignore', 'ignore', 'pipe', 'ipc'], execArgv: ['--max-old-space-size=384', '--max-semi-space-size=8', '--disable-warning=ExperimentalWarning'] });

/**
 * One process of the fuzzer under watch: killed where an input takes too long or the process holds too much.
 * @param {{ bundle: string, orders: Record<string, any>, told: (message: any) => void, killAfter?: { processorMs: number, wallMs: number } }} how
 * @returns {{ ended: Promise<{ kind: 'done', given: 0 } | { kind: 'hang' | 'crash' | 'memory', given: number, target: number, input: Buffer, message: string }>, stop: () => void }}
 */
export function watched({ bundle, orders, told, killAfter = KILL_AFTER }) {
  const child = start(bundle, orders);
  /** @type {{ kind: 'hang' | 'memory', message: string, target?: number, input?: Buffer } | undefined} */
  let killed;
  let finished = false;
  let complaint = '';
  child.stderr?.on('data', (text) => {
    complaint = (complaint + text).slice(-2000);
  });
  let last = { given: -1, processorMs: 0, at: Date.now() };
  const look = setInterval(() => {
    const record = readRecord(orders.file);
    const processorMs = processorMsOf(child.pid);
    if (record === null) return;
    if (record.given !== last.given) {
      last = { given: record.given, processorMs: processorMs ?? 0, at: Date.now() };
      return;
    }
    const wallMs = Date.now() - last.at;
    const spentMs = processorMs === null ? wallMs : processorMs - last.processorMs;
    if (spentMs < killAfter.processorMs && wallMs < killAfter.wallMs) return;
    killed = { kind: 'hang', message: `no end after ${Math.round(spentMs)} ms of the processor, ${wallMs} ms in all` };
    child.kill('SIGKILL');
  }, LOOK_EVERY_MS);
  child.on('message', (/** @type {any} */ message) => {
    if (message.isLast) finished = true;
    told(message);
    if (message.peakRssBytes > MOST_MEMORY_BYTES && !finished) {
      killed = { kind: 'memory', message: `the process held ${Math.round(message.peakRssBytes / 1048576)} MiB`, target: message.fullest.target, input: Buffer.from(message.fullest.input, 'hex') };
      child.kill('SIGKILL');
    }
  });
  /** @type {Promise<any>} */
  const ended = new Promise((resolve) => {
    child.on('exit', (status, signal) => {
      clearInterval(look);
      const record = finished ? null : readRecord(orders.file);
      if (finished) resolve({ kind: 'done', given: 0 });
      else resolve({ given: record?.given ?? 0, target: record?.target ?? 0, input: record?.input ?? Buffer.alloc(0), ...(killed ?? { kind: 'crash', message: `the process ended with ${status ?? signal}: ${complaint.split('\n').find((text) => /^\[?[A-Za-z]*Error|FATAL/.test(text)) ?? complaint.slice(0, 200)}` }) });
    });
  });
  return { ended, stop: () => void (child.connected && child.send('stop')) };
}

/**
 * One input in a process of its own.
 * @returns {Promise<'hang' | 'crash' | { fault: any, processorMs: number, grownBytes: number, peakRssBytes: number }>}
 */
export function tryAlone(bundle, target, input, file) {
  writeFileSync(file, input);
  const child = start(bundle, { mode: 'try', targets: [target], file });
  return new Promise((resolve) => {
    let outcome;
    let slow = false;
    const began = Date.now();
    const look = setInterval(() => {
      if ((processorMsOf(child.pid) ?? Date.now() - began) < KILL_AFTER.processorMs && Date.now() - began < KILL_AFTER.wallMs) return;
      slow = true;
      child.kill('SIGKILL');
    }, LOOK_EVERY_MS);
    child.on('message', (message) => {
      outcome = message;
    });
    child.on('exit', () => {
      clearInterval(look);
      resolve(outcome ?? (slow ? 'hang' : 'crash'));
    });
  });
}
