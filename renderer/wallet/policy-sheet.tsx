import type { InferOutput } from 'valibot';
import type { WalletPolicy } from '../../src/host/wire.ts';
import { isQuorumScript, scriptName, scriptWords } from '../../src/host/wallet-scripts.ts';
import { networkWords } from '../frame/networks.ts';
import { Address } from '../ui/address.tsx';
import { Facts } from '../ui/facts.tsx';
import { Fingerprint } from '../ui/fingerprint.tsx';
import { Icon } from '../ui/icon.tsx';
import { Table } from '../ui/table.tsx';

export type Policy = InferOutput<typeof WalletPolicy>;

/** "2 of 3 signatures spend", "one key spends". */
export const quorumWords = ({ script, quorum }: Pick<Policy, 'script' | 'quorum'>): string => (isQuorumScript(script) ? `${quorum.required} of ${quorum.total} signatures spend` : 'one key spends');

/** "2 of 3, P2WSH", "one key, P2TR": where there is little room. */
export const shortRule = ({ script, quorum }: Pick<Policy, 'script' | 'quorum'>): string => `${isQuorumScript(script) ? `${quorum.required} of ${quorum.total}` : 'one key'}, ${scriptWords[script].name}`;

/** What a wallet's outputs are, in words: "P2WSH (segwit quorum), keys sorted". */
export const scriptOf = ({ script }: Pick<Policy, 'script'>): string => `${scriptName(script)}${isQuorumScript(script) ? ', keys sorted (BIP67)' : ''}`;

/** What a wallet is: quorum, cosigners, first addresses, descriptor. `ownKey` is marked where it is known. */
export function PolicySheet({ policy, ownKey }: { readonly policy: Policy; readonly ownKey: string | null }) {
  return (
    <div class="stack">
      <Facts facts={[
        ['Quorum', quorumWords(policy)],
        ['Network', networkWords[policy.network].name],
        ['Script', scriptOf(policy)],
        ['First receive', <Address key="receive" address={policy.firstReceive} />],
        ['First change', <Address key="change" address={policy.firstChange} />],
      ]} />
      <Table
        caption={isQuorumScript(policy.script) ? 'Cosigners' : 'Key'} rows={policy.cosigners} keyOf={(cosigner) => cosigner.xpub} empty="No cosigners"
        columns={[
          { name: isQuorumScript(policy.script) ? 'Cosigner' : 'Key', cell: (cosigner) => <span class="nowrap">{cosigner.label}{cosigner.fingerprint === ownKey && <span class="tag tag-accent own-key">this key</span>}</span> },
          { name: 'Fingerprint', cell: (cosigner) => <Fingerprint value={cosigner.fingerprint} /> },
          { name: 'Path', cell: (cosigner) => <span class="path nowrap">{cosigner.path}</span> },
        ]}
      />
      <details>
        <summary><Icon name="chevron" />Descriptor and extended public keys</summary>
        <p class="quote">{policy.descriptor}</p>
      </details>
    </div>
  );
}
