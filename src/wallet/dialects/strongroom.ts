import * as v from 'valibot';
import { networkNames } from '../../domain/network.ts';
import { StrongroomError } from '../../errors/strongroom-error.ts';
import { createAddressDeriver } from '../address.ts';
import { parseDescriptor } from '../descriptor.ts';
import { policyIdOf } from '../policy-id.ts';
import { rejectPrivateKeyText } from '../key-record.ts';
import { MAX_COSIGNERS } from '../../domain/wallet-script.ts';
import { createWallet, walletDescriptor, type Wallet } from '../wallet.ts';

/** The longest name or label: it must fit a line on paper. */
const Label = v.pipe(v.string(), v.minLength(1), v.maxLength(60), v.regex(/^[^\p{C}]*$/u));

const WalletFile = v.strictObject({
  format: v.literal('strongroom-wallet'),
  version: v.literal(1),
  name: Label,
  network: v.picklist(networkNames),
  descriptor: v.pipe(v.string(), v.maxLength(8192)),
  labels: v.pipe(v.array(Label), v.maxLength(MAX_COSIGNERS)),
  policyId: v.pipe(v.string(), v.maxLength(64)),
  firstReceive: v.pipe(v.string(), v.maxLength(128)),
  firstChange: v.pipe(v.string(), v.maxLength(128)),
});

/** The wallet as Strongroom's own file: JSON for people and programs, with everything that can be recomputed stated too. */
export function formatWalletFile(wallet: Wallet): string {
  const deriver = createAddressDeriver(wallet);
  const file: v.InferOutput<typeof WalletFile> = {
    format: 'strongroom-wallet',
    version: 1,
    name: wallet.name,
    network: wallet.network,
    descriptor: walletDescriptor(wallet),
    labels: wallet.cosigners.map((cosigner) => cosigner.label),
    policyId: policyIdOf(wallet).words,
    firstReceive: deriver.derive(0, 0).address,
    firstChange: deriver.derive(1, 0).address,
  };
  return `${JSON.stringify(file, null, 2)}\n`;
}

/**
 * A wallet from Strongroom's own file. What the file states twice must agree.
 * @throws StrongroomError `wallet.malformed`, `wallet.private-key`, `wallet.first-address`, and what `parseDescriptor` and
 * `createWallet` throw
 */
export function parseWalletFile(text: string): Wallet {
  rejectPrivateKeyText(text);
  const file = v.safeParse(WalletFile, parseJson(text));
  if (!file.success) {
    throw new StrongroomError('wallet.malformed', 'The file is not a Strongroom wallet.', {}, 'Choose the .wallet.json file that the Companion wrote.');
  }
  const { name, network, descriptor, labels, policyId, firstReceive, firstChange } = file.output;
  const { script, required, keys } = parseDescriptor(descriptor);
  const wallet = createWallet({
    name,
    network,
    script,
    required,
    cosigners: keys.map((record, index) => ({ record, label: labels[index] ?? `Cosigner ${index + 1}` })),
  });
  const deriver = createAddressDeriver(wallet);
  const agrees = deriver.derive(0, 0).address === firstReceive && deriver.derive(1, 0).address === firstChange;
  if (!agrees || policyIdOf(wallet).words !== policyId) {
    throw new StrongroomError('wallet.first-address', 'The wallet file contradicts itself: its addresses or policy id are not those of its descriptor.', {}, 'Do not use this file. Have the wallet made again from the key records.');
  }
  return wallet;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
