import type { NetworkName } from '../../frame/networks.ts';
import { claimedByName, registrationsOf, unlockedKeys, type Session } from '../session.ts';
import type { DrillRecord } from './drills-state.ts';

/** A key that can be drilled, as far as this laptop knows of it without opening it. Nothing in it is secret. */
export interface DrillKey {
  readonly id: string;
  readonly fingerprint: string;
  readonly network: NetworkName;
  readonly label: string;
  /** The wallets that it must lead back to. */
  readonly registrations: readonly { readonly wallet: string; readonly text: string }[];
}

/** The most registrations that one drill takes. */
const MOST_REGISTRATIONS = 20;

export const idOf = (key: { readonly fingerprint: string; readonly network: string }): string => `${key.network}/${key.fingerprint}`;

/**
 * Every key that this laptop has heard of, by label: from open keys, from entropy records, from registrations, and from
 * earlier drills. A locked key file alone names its fingerprint but not its network; `usualNetwork` stands in for it.
 */
export function drillKeys(session: Session, records: readonly DrillRecord[], usualNetwork: NetworkName): readonly DrillKey[] {
  const found = new Map<string, DrillKey>();
  const hear = (fingerprint: string, network: NetworkName, label: string): void => {
    const id = idOf({ fingerprint, network });
    const known = found.get(id);
    if (known === undefined) found.set(id, { id, fingerprint, network, label, registrations: [] });
    else if (known.label === '' && label !== '') found.set(id, { ...known, label });
  };
  if (session.stage === 'ready') {
    for (const { facts } of unlockedKeys(session)) hear(facts.fingerprint, facts.network, facts.label);
    for (const record of session.shelf.entropyRecords) hear(record.fingerprint, record.network, record.label);
    for (const { ownKey, policy } of registrationsOf(session)) hear(ownKey, policy.network, policy.cosigners.find(({ fingerprint }) => fingerprint === ownKey)?.label ?? '');
    for (const { name } of session.shelf.keys) {
      const { fingerprint, label } = claimedByName(name);
      if (fingerprint !== null && ![...found.values()].some((key) => key.fingerprint === fingerprint)) hear(fingerprint, usualNetwork, label);
    }
  }
  for (const record of records) hear(record.fingerprint, record.network, record.label);
  return [...found.values()].map((key) => withRegistrations(key, session)).sort((a, b) => a.label.localeCompare(b.label) || a.id.localeCompare(b.id));
}

const withRegistrations = (key: DrillKey, session: Session): DrillKey => ({
  ...key,
  registrations: registrationsOf(session)
    .filter(({ ownKey, policy }) => ownKey === key.fingerprint && policy.network === key.network)
    .slice(0, MOST_REGISTRATIONS)
    .map(({ registration, policy }) => ({ wallet: policy.name, text: registration })),
});
