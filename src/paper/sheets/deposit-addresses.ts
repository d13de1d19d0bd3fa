import { createAddressDeriver, MAX_ADDRESS_INDEX } from '../../wallet/address.ts';
import { policyIdOf } from '../../wallet/policy-id.ts';
import type { Wallet } from '../../wallet/wallet.ts';
import { malformed, sheetOf, type Block, type Sheet, type SheetFacts } from '../sheet.ts';

/** A sheet of more is not read to the end. */
const MAX_ADDRESSES = 50;

/**
 * Receive addresses of a wallet to hand out, each with its code and room to note what it was given out for.
 * @param first index of the first address
 * @throws StrongroomError `paper.malformed`
 */
export function depositAddressSheet(facts: Omit<SheetFacts, 'label' | 'network'>, wallet: Wallet, first: number, count: number): Sheet {
  if (!Number.isInteger(first) || !Number.isInteger(count) || count < 1 || count > MAX_ADDRESSES || first < 0 || first + count - 1 > MAX_ADDRESS_INDEX) {
    throw malformed(`its addresses are not 1 to ${MAX_ADDRESSES} within the permitted range`);
  }
  const deriver = createAddressDeriver(wallet);
  const addresses = Array.from({ length: count }, (_, offset): Block => {
    const index = first + offset;
    return {
      type: 'code', heading: `Receive ${index}`, note: '', copy: 'fours', sideMm: 34,
      code: { id: `receive-${index}`, text: deriver.derive(0, index).address, correction: 'Q' },
      facts: [{ label: 'Given to', value: '', form: 'line' }, { label: 'On, by', value: '', form: 'line' }],
    };
  });
  return sheetOf({
    ...facts,
    label: wallet.name,
    network: wallet.network,
    kind: 'deposit-addresses',
    part: 'public',
    title: 'Deposit addresses',
    warning: 'may be shown; give each address out once',
    blocks: [
      { type: 'facts', facts: [{ label: 'Policy id', value: policyIdOf(wallet).words, form: 'mono' }, { label: 'Addresses', value: count === 1 ? `receive ${first}` : `receive ${first} to ${first + count - 1}`, form: 'text' }] },
      ...addresses,
    ],
  });
}
