import * as v from 'valibot';
import { descriptorOfPolicy, policyOfDescriptor } from '../expression/wallet-policy.ts';
import { walletDescriptor, type Wallet } from '../wallet.ts';
import { readDescriptors, unnamedWallet } from './descriptor-text.ts';
import { malformedFile, type ForeignWallet } from './foreign.ts';

const Keys = v.pipe(v.array(v.pipe(v.string(), v.maxLength(400))), v.minLength(1), v.maxLength(20));
const Template = v.pipe(v.string(), v.maxLength(4096));
const PolicyFile = v.looseObject({ name: v.optional(v.string()), descriptor_template: Template, keys_info: Keys });

export const isPolicyJson = (file: object): boolean => Object.hasOwn(file, 'descriptor_template');

/**
 * A wallet policy as JSON: `name`, `descriptor_template`, `keys_info`, by the names that hardware wallets and their libraries use.
 * @throws StrongroomError `wallet.malformed`, and what descriptors are refused for
 * @see BIP388
 */
export function readPolicyJson(file: object): ForeignWallet {
  const parsed = v.safeParse(PolicyFile, file);
  if (!parsed.success) throw malformedFile('it is no wallet policy');
  const { name, descriptor_template: template, keys_info: keys } = parsed.output;
  return unnamedWallet(readDescriptors([descriptorOfPolicy({ template, keys })], null), 'bip388', { name: name ?? null });
}

export function formatPolicyJson(wallet: Wallet): string {
  // Hardware wallets know ' alone.
  const { template, keys } = policyOfDescriptor(walletDescriptor(wallet).slice(0, -9));
  const apostrophes = keys.map((key) => key.replace(/^\[[^\]]*\]/, (origin) => origin.replaceAll('h', "'")));
  return `${JSON.stringify({ name: wallet.name, descriptor_template: template, keys_info: apostrophes }, null, 2)}\n`;
}
