import { beforeAll, describe, expect, test } from 'vitest';
import { serve } from '../../../src/host/serve.ts';
import { signerCoreContract } from '../../../src/host/signer-contract.ts';
import { createSignerService } from '../../../src/service/signer/handlers.ts';
import { agreedPolicyId, attackSetups, dialects, forgeries, honestFile, mnemonic, otherMnemonic } from '../../support/attack-setups.ts';
import { fakeEffects } from './fake-effects.ts';

/* Behind the Signer's real boundary, in every dialect. The same table runs through the program and the window. */

const dispatch = serve(signerCoreContract, createSignerService(fakeEffects()).handlers, (name, fault) => { throw new Error(`fault in ${name}`, { cause: fault }); });
const ask = async (name: string, input: unknown) => (await dispatch(name, input, { progress: () => undefined, isCancelled: () => false })) as { ok: boolean; value: Record<string, string>; error: { code: string } };
const open = async (words: string) => (await ask('key.restore', { network: 'practice', label: 'Alice', secrets: [words], passphrase: 'correct horse battery' })).value['keyHandle'];

let keyHandle: string | undefined;
beforeAll(async () => { keyHandle = await open(mnemonic); });

test.each(dialects)('the wallet that was agreed on is registered from %s', async (dialect) => {
  const registered = await ask('wallet.register', { keyHandle, wallet: honestFile(dialect), policyId: agreedPolicyId, network: 'practice' });
  expect(registered).toMatchObject({ ok: true, value: { policyId: agreedPolicyId } });
});

describe.each(attackSetups)('$name', ({ code, byReading, files }) => {
  test.each(files)(`is refused in $dialect: ${code}`, async ({ text }) => {
    const registered = await ask('wallet.register', { keyHandle, wallet: text, policyId: agreedPolicyId, network: 'practice' });
    expect(registered).toMatchObject({ ok: false, error: { code } });
    // The window reads a file before it asks for the words.
    if (byReading) expect(await ask('wallet.import', { file: text, network: 'practice' })).toMatchObject({ ok: false, error: { code } });
  });
});

test.each(Object.keys(forgeries))('a registration is refused: %s', async (forgery) => {
  const make = async (handle: string | undefined) => (await ask('wallet.register', { keyHandle: handle, wallet: honestFile('strongroom'), policyId: agreedPolicyId })).value['registration'] ?? '';
  const forged = (forgeries[forgery] as (mine: string, other: string) => string)(await make(keyHandle), await make(await open(otherMnemonic)));
  const derived = await ask('wallet.address', { keyHandle, registration: forged, branch: 'receive', index: 0, count: 1 });
  expect(derived).toMatchObject({ ok: false, error: { code: 'registration.forged' } });
});
