import * as v from 'valibot';
import { parseHex, toHex } from '../domain/bytes.ts';
import { StrongroomError } from '../errors/strongroom-error.ts';

/** Length of the practice node's seed. */
export const SEED_BYTES = 32;

const WARNING = 'PRACTICE ONLY. The keys of this seed are in the clear and belong to a pretended network. Never send money to them.';

const SeedFile = v.strictObject({
  format: v.literal('strongroom-practice-seed'),
  version: v.literal(1),
  warning: v.literal(WARNING),
  seedHex: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
});

/** The file in which the practice node keeps its seed. It is not encrypted, and says so. */
export function formatSeedFile(seed: Uint8Array): string {
  const file: v.InferOutput<typeof SeedFile> = { format: 'strongroom-practice-seed', version: 1, warning: WARNING, seedHex: toHex(seed) };
  return `${JSON.stringify(file, null, 2)}\n`;
}

/**
 * @throws StrongroomError `practice.malformed`
 */
export function parseSeedFile(text: string): Uint8Array {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    json = undefined;
  }
  const file = v.safeParse(SeedFile, json);
  if (!file.success) {
    throw new StrongroomError('practice.malformed', 'The practice network\'s seed file is damaged.', { reason: 'seed' }, 'Make a new practice network in an empty folder; practice money is worth nothing.');
  }
  return parseHex(file.output.seedHex);
}
