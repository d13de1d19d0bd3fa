import type { InferOutput } from 'valibot';
import type { WalletPolicy } from '../../src/host/wire.ts';
import { networkWords } from '../frame/networks.ts';
import { Address } from '../ui/address.tsx';
import { Facts } from '../ui/facts.tsx';
import { Fingerprint } from '../ui/fingerprint.tsx';
import { Icon } from '../ui/icon.tsx';
import { Table } from '../ui/table.tsx';

export type Policy = InferOutput<typeof WalletPolicy>;

/** "2 of 3 signatures spend". */
export const quorumWords = (policy: Policy): string => `${policy.quorum.required} of ${policy.quorum.total} signatures spend`;

/** What a wallet is: quorum, cosigners, first addresses, descriptor. `ownKey` is marked where it is known. */
export function PolicySheet({ policy, ownKey }: { readonly policy: Policy; readonly ownKey: string | null }) {
  return (
    <div class="stack">
      <Facts facts={[
        ['Quorum', quorumWords(policy)],
        ['Network', networkWords[policy.network].name],
        ['Script', 'P2WSH, sorted multisig (BIP48, BIP67)'],
        ['First receive', <Address key="receive" address={policy.firstReceive} />],
        ['First change', <Address key="change" address={policy.firstChange} />],
      ]} />
      <Table
        caption="Cosigners" rows={policy.cosigners} keyOf={(cosigner) => cosigner.xpub} empty="No cosigners"
        columns={[
          { name: 'Cosigner', cell: (cosigner) => <span class="nowrap">{cosigner.label}{cosigner.fingerprint === ownKey && <span class="tag tag-accent own-key">this key</span>}</span> },
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
