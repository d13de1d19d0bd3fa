import type { InferOutput } from 'valibot';
import type { DerivedAddresses, WalletPolicy } from '../../host/wire.ts';
import { facts, inFours } from './text-layout.ts';
import type { TextStyle } from './text-style.ts';

type Policy = InferOutput<typeof WalletPolicy>;

/** CONTRACT's JSON of a wallet. */
export const policyJson = (policy: Policy): Readonly<Record<string, unknown>> => ({ ...policy });

/** A wallet for people: first what they compare by voice, then what it is made of. */
export function policyLines(policy: Policy, style: TextStyle): readonly string[] {
  return [
    `${style.bold(policy.name)} on ${policy.network}: ${policy.quorum.required} of ${policy.quorum.total} keys sign, script ${policy.script}`,
    '',
    style.bold('Policy id (compare it aloud with every cosigner)'),
    `  ${policy.policyId}`,
    '',
    style.bold('Cosigners'),
    ...policy.cosigners.flatMap((cosigner) => [`  ${cosigner.label}: ${cosigner.fingerprint} at ${cosigner.path}`, `    ${cosigner.xpub}`]),
    '',
    style.bold('First addresses'),
    '  receive 0',
    `    ${policy.firstReceive}`,
    `    ${style.dim(inFours(policy.firstReceive))}`,
    '  change 0',
    `    ${policy.firstChange}`,
    `    ${style.dim(inFours(policy.firstChange))}`,
    '',
    style.bold('Descriptor'),
    `  ${policy.descriptor}`,
    ...facts([['wallet id', policy.walletId]], '  '),
  ];
}

/** Addresses, each whole on a line of its own. */
export function addressLines(derived: InferOutput<typeof DerivedAddresses>, style: TextStyle): readonly string[] {
  return derived.addresses.flatMap(({ branch, index, address }) => [`${branch} ${index}`, `  ${address}`, `  ${style.dim(inFours(address))}`]);
}
