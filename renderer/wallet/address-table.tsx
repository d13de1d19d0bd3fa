import { Address } from '../ui/address.tsx';
import { Table } from '../ui/table.tsx';
import { tailText } from '../review/from-report.ts';

export interface ListedAddress {
  readonly branch: 'receive' | 'change';
  readonly index: number;
  readonly address: string;
}

/** Addresses by index, each whole. */
export function AddressTable({ addresses }: { readonly addresses: readonly ListedAddress[] }) {
  return (
    <Table
      caption="Addresses" rows={addresses} keyOf={(row) => row.address} empty="No addresses"
      columns={[
        { name: 'Index', cell: (row) => <span class="path nowrap">{tailText(row.branch, row.index)}</span> },
        { name: 'Address', cell: (row) => <Address address={row.address} /> },
      ]}
    />
  );
}
