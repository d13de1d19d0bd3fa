import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { transactionId } from '../../src/psbt/transaction.ts';
import { toHex } from '../../src/domain/bytes.ts';
import { messageHash, messageToSign, messageToSpend } from '../../src/psbt/messages/message-transactions.ts';
import { verifyMessage } from '../../src/psbt/messages/verify-message.ts';
import { scriptOfAddress } from '../../src/wallet/address.ts';

interface Signed { readonly message: string; readonly address: string; readonly type: string; readonly bip322_signatures: readonly string[]; readonly lock_time?: number; readonly sequence?: number; readonly additional_inputs?: readonly (readonly unknown[])[] }
interface Wrong { readonly description: string; readonly message: string; readonly address: string; readonly signature: string }
interface Hashes { readonly message: string; readonly address: string; readonly message_hash: string; readonly to_spend_tx_hash: string; readonly to_sign_tx_hash: string }
interface File { readonly tx_hashes?: readonly Hashes[]; readonly simple?: readonly Signed[]; readonly full?: readonly Signed[]; readonly proof_of_funds?: readonly Signed[]; readonly error: readonly Wrong[] }

const files = ['basic', 'generated'].map((name) => JSON.parse(readFileSync(join(process.env['STRONGROOM_VECTORS'] ?? '../shared/vectors', `bip322/${name}-test-vectors.json`), 'utf8')) as File);
const signed = (['simple', 'full', 'proof_of_funds'] as const).flatMap((form) => files.flatMap((file) => (file[form] ?? []).flatMap((each) => each.bip322_signatures.map((signature, position) => ({ ...each, form, signature, position })))));
const wrong = files.flatMap((file) => file.error);

// Scripts that are no quorum and no single key: what they say is not judged, so nothing is proven by them (BIP322, "inconclusive").
const INCONCLUSIVE: readonly string[] = ['p2wsh-time-lock', 'p2tr-time-lock'];

test('the files hold what is read from them', () => {
  expect([signed.length, wrong.length, files.flatMap((file) => file.tx_hashes ?? []).length]).toEqual([23, 36, 3]);
});

test.each(files.flatMap((file) => file.tx_hashes ?? []))('the virtual transactions of "$message"', ({ message, address, ...expected }) => {
  const toSpend = messageToSpend(scriptOfAddress(address, 'mainnet'), message);
  expect({ message_hash: toHex(messageHash(message)), to_spend_tx_hash: transactionId(toSpend), to_sign_tx_hash: transactionId(messageToSign(toSpend)) }).toEqual(expected);
});

test.each(signed)('$form, $type: $message, $position', ({ form, type, address, message, signature, lock_time: locktime = 0, sequence = 0 }) => {
  const verified = verifyMessage(address, message, signature, 'mainnet');
  const expectedForm = { simple: 'simple', full: 'full', proof_of_funds: 'proof-of-funds' }[form];
  expect(verified).toMatchObject({ form: expectedForm, state: INCONCLUSIVE.includes(type) ? 'inconclusive' : 'valid', locktime, sequence });
  expect(verified.funds.length > 0).toBe(form === 'proof_of_funds');
});

test.each(wrong)('$description', ({ address, message, signature }) => {
  let state: string;
  try {
    ({ state } = verifyMessage(address, message, signature, 'mainnet'));
  } catch (error) {
    state = (error as { code: string }).code;
  }
  expect(['invalid', 'message.signature-malformed']).toContain(state);
});
