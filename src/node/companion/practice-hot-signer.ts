import { spawn } from 'node:child_process';
import * as v from 'valibot';
import { MAX_PSBT_BYTES } from '../../psbt/psbt.ts';
import { parseBase64 } from '../../domain/bytes.ts';
import { errorCatalog, type ErrorCode } from '../../errors/catalog.ts';
import { StrongroomError } from '../../errors/strongroom-error.ts';

/**
 * How to start strongroom-practice, the separate program that holds the practice node's private keys. They are in no
 * module that this program loads: what is signed goes to another process and comes back.
 */
export interface HotWalletProgram {
  readonly command: string;
  /** Stand before the program's own arguments. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

const TIMEOUT_MS = 120_000;
/** A PSBT as base64 in one JSON object. */
const MAX_REPLY_BYTES = Math.ceil((MAX_PSBT_BYTES * 4) / 3) + 65_536;

const Reply = v.variant('ok', [
  v.object({ ok: v.literal(true), psbtBase64: v.string(), complete: v.boolean() }),
  v.object({ ok: v.literal(false), error: v.object({ code: v.string() }) }),
]);

const unavailable = (reason: string): StrongroomError =>
  new StrongroomError('practice.wallet-unavailable', 'The practice network\'s hot wallet program could not be run.', { reason }, 'Install strongroom-practice beside this program, or sign with it by hand: strongroom-practice hot sign.');

/**
 * Has the practice node's own wallet sign and finalize its inputs.
 * @throws StrongroomError `practice.wallet-unavailable`, `psbt.incomplete` when not every input is the wallet's to sign,
 * `node.malformed`, and what strongroom-practice answers
 */
export async function signWithHotWallet(program: HotWalletProgram | null, folder: string, psbt: Uint8Array): Promise<Uint8Array> {
  if (program === null) throw unavailable('not-configured');
  const output = await run(program, ['hot', 'sign', '-', '--folder', folder, '--json'], psbt);
  let json: unknown;
  try {
    json = JSON.parse(output);
  } catch {
    throw unavailable('no-reply');
  }
  const reply = v.safeParse(Reply, json);
  if (!reply.success) throw new StrongroomError('node.malformed', 'The practice network\'s hot wallet program answered something else than a signed PSBT.', {}, 'Use the strongroom-practice of this version.');
  if (reply.output.ok && reply.output.complete) return parseBase64(reply.output.psbtBase64);
  const code = reply.output.ok ? 'sign.nothing' : reply.output.error.code;
  if (code === 'sign.nothing') {
    throw new StrongroomError('psbt.incomplete', 'The practice network\'s hot wallet could not sign every input.', {}, 'Check that this is the wallet the sweep was planned from.');
  }
  const known: ErrorCode = Object.hasOwn(errorCatalog, code) ? (code as ErrorCode) : 'host.unknown';
  throw new StrongroomError(known, 'The practice network\'s hot wallet did not sign.', { code: known }, 'Run strongroom-practice hot sign on the file to see why.');
}

function run({ command, args, env }: HotWalletProgram, further: readonly string[], input: Uint8Array): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, [...args, ...further], { env: { ...env }, stdio: ['pipe', 'pipe', 'ignore'], timeout: TIMEOUT_MS, windowsHide: true });
    const chunks: Buffer[] = [];
    let size = 0;
    child.on('error', () => reject(unavailable('not-started')));
    // It may refuse and end before it read everything; its answer tells why.
    child.stdin.on('error', () => undefined);
    child.stdout.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > MAX_REPLY_BYTES) child.kill();
      else chunks.push(chunk);
    });
    child.on('close', (_code, signal) => {
      if (signal === null) resolve(Buffer.concat(chunks).toString('utf8'));
      else reject(unavailable('ended'));
    });
    child.stdin.end(input);
  });
}
