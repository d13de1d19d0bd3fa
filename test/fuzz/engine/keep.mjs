import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inRoot } from '../../../scripts/lib/paths.mjs';

/**
 * Writes a finding where the unit suite replays it. Its name says what went wrong.
 * @param {{ target: string, kind: string, signature: string, message: string, input: Buffer }} finding
 * @returns {string} the file's path inside the checkout
 */
export function keepFinding({ target, kind, signature, message, input }) {
  const words = signature.toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '').slice(0, 80);
  const path = `test/fuzz/corpus/${target}/${kind}-${words === '' ? '' : `${words}-`}${createHash('sha256').update(input).digest('hex').slice(0, 8)}.hex`;
  mkdirSync(inRoot('test/fuzz/corpus', target), { recursive: true });
  const lines = input.toString('hex').match(/.{1,120}/g) ?? [];
  writeFileSync(join(inRoot(), path), `# ${message.replace(/\s+/g, ' ')}\n${lines.join('\n')}\n`);
  return path;
}
