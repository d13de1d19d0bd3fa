import type { InferOutput } from 'valibot';
import { isQuorumScript, scriptName, usualScriptOf } from '../../host/wallet-scripts.ts';
import type { DerivedAddresses, WalletPolicy } from '../../host/wire.ts';
import { facts, inFours } from './text-layout.ts';
import type { TextStyle } from './text-style.ts';

type Policy = InferOutput<typeof WalletPolicy>;

/** CONTRACT's JSON of a wallet. */
export const policyJson = (policy: Policy): Readonly<Record<string, unknown>> => ({ ...policy });

/** A wallet for people: first what they compare by voice, then what it is made of. */
export function policyLines(policy: Policy, style: TextStyle): readonly string[] {
  return [
    `${style.bold(policy.name)} on ${policy.network}: ${isQuorumScript(policy.script) ? `${policy.quorum.required} of ${policy.quorum.total} keys sign` : 'one key signs'}, ${scriptName(policy.script)}`,
    '',
    style.bold('Policy id (compare it aloud with every cosigner)'),
    `  ${policy.policyId}`,
    '',
    style.bold(isQuorumScript(policy.script) ? 'Cosigners' : 'Key'),
    ...policy.cosigners.flatMap((cosigner) => [`  ${cosigner.label}: ${cosigner.fingerprint} at ${cosigner.path}`, `    ${cosigner.xpub}`, ...otherAccountLines(cosigner.path, policy.script)]),
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
    ...(policy.notes ?? []).flatMap(({ code, text }) => ['', `${style.bold('Mind')} (${code}): ${text}`]),
  ];
}

/** Said where a key was exported for another script type, by its path: whoever restores from it alone would look there. */
function otherAccountLines(path: string, script: Policy['script']): readonly string[] {
  const usual = usualScriptOf(path);
  return usual === null || usual === script ? [] : [`    This is the path of ${scriptName(usual)}: export the record for ${script} unless it is meant so.`];
}

/** Addresses, each whole on a line of its own. */
export function addressLines(derived: InferOutput<typeof DerivedAddresses>, style: TextStyle): readonly string[] {
  return derived.addresses.flatMap(({ branch, index, address }) => [`${branch} ${index}`, `  ${address}`, `  ${style.dim(inFours(address))}`]);
}
