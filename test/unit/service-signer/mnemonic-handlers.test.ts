import { expect, test } from 'vitest';
import type { RequestContext } from '../../../src/host/contract.ts';
import { serve } from '../../../src/host/serve.ts';
import { signerCoreContract } from '../../../src/host/signer-contract.ts';
import { createMnemonicHandlers } from '../../../src/service/signer/mnemonic-handlers.ts';
import { mnemonics } from '../signer/fixtures.ts';

const contract = {
  'mnemonic.check-words': signerCoreContract['mnemonic.check-words'],
  'mnemonic.last-words': signerCoreContract['mnemonic.last-words'],
  'passphrase.code-points': signerCoreContract['passphrase.code-points'],
} as const;
const context: RequestContext = { progress: () => undefined, isCancelled: () => false };
const dispatch = serve(contract, createMnemonicHandlers(), (name, fault) => {
  throw new Error(`fault in ${name}`, { cause: fault });
});
const call = async (name: string, input: unknown): Promise<any> => {
  const reply = await dispatch(name, input, context);
  if (!reply.ok) throw Object.assign(new Error(reply.error.message), reply.error);
  return reply.value;
};

test('words are checked with suggestions and repairs that fit the contract', async () => {
  expect(await call('mnemonic.check-words', { text: mnemonics.bob, language: null })).toMatchObject({ language: 'english', checksum: 'fits', repairs: [] });
  const swapped = mnemonics.bob.split(' ').with(1, 'thank').with(2, 'winner').join(' ');
  const wrong = await call('mnemonic.check-words', { text: swapped, language: null });
  expect(wrong).toMatchObject({ checksum: 'wrong' });
  expect(wrong.repairs[0]).toEqual({ kind: 'swap', positions: [2, 3] });
  expect(wrong.repairs.some(({ kind }: { kind: string }) => kind === 'word')).toBe(true);
});

test('the last word of eleven is one of 128', async () => {
  const { words } = await call('mnemonic.last-words', { text: mnemonics.bob.split(' ').slice(0, -1).join(' '), language: 'english' });
  expect(words).toHaveLength(128);
  expect(words).toContain('yellow');
});

test('a passphrase is shown character by character', async () => {
  const { characters } = await call('passphrase.code-points', { text: 'é ' });
  expect(characters).toMatchObject([{ position: 1, codePoint: 'U+00E9', shown: 'é', normalised: true }, { position: 2, codePoint: 'U+0020', shown: null, edgeBlank: true, name: 'SPACE' }]);
});
