import { chainParameters } from '../../domain/network.ts';
import { isQuorumScript, type WalletScript } from '../../domain/wallet-script.ts';
import { scriptName } from '../../domain/wallet-script-words.ts';
import { createAddressDeriver } from '../../wallet/address.ts';
import { formatKeyRecord } from '../../wallet/key-record.ts';
import { policyIdOf } from '../../wallet/policy-id.ts';
import { walletDescriptor, type Wallet } from '../../wallet/wallet.ts';
import { malformed, sheetOf, type Block, type Fact, type PrintedCode, type Sheet, type SheetFacts } from '../sheet.ts';

/** What one code holds at most: version 18 at level Q, 89 modules of 0.65 mm. */
const PART_CHARACTERS = 380;

/** A long content in parts of equal length; read one after another they are the content again. */
export function codeParts(id: string, text: string): PrintedCode[] {
  const count = Math.ceil(text.length / PART_CHARACTERS);
  const length = Math.ceil(text.length / count);
  return Array.from({ length: count }, (_, index) => ({ id: count === 1 ? id : `${id}-${index + 1}`, text: text.slice(index * length, (index + 1) * length), correction: 'Q' }));
}

/**
 * Everything that restores a wallet as watch-only, without Strongroom: descriptor, keys, first addresses, and the commands for
 * a plain node. It holds no private key and can spend nothing, but shows every payment: for the organisation's own files.
 * @param bornAt Unix seconds before the wallet's first payment, from which a node scans; 0 scans the whole chain
 * @throws StrongroomError `paper.malformed`
 */
export function walletSheet(facts: Omit<SheetFacts, 'label' | 'network'>, wallet: Wallet, bornAt: number): Sheet {
  if (!Number.isSafeInteger(bornAt) || bornAt < 0) throw malformed('the time of its first payment is not in Unix seconds');
  const deriver = createAddressDeriver(wallet);
  const { walletId, words } = policyIdOf(wallet);
  const descriptor = walletDescriptor(wallet);
  const codes = codeParts('descriptor', descriptor);
  const address = (branch: 0 | 1, index: number): Fact => ({ label: `${branch === 0 ? 'Receive' : 'Change'} ${index}`, value: deriver.derive(branch, index).address, form: 'fours' });
  const blocks: Block[] = [
    {
      type: 'facts',
      facts: [
        { label: 'Quorum', value: isQuorumScript(wallet.script) ? `${wallet.required} of ${wallet.cosigners.length} signatures` : 'one key', form: 'strong' },
        { label: 'Policy id', value: words, form: 'mono' },
        { label: 'Wallet id', value: walletId, form: 'fours' },
        { label: 'Script', value: `${scriptName(wallet.script)}${isQuorumScript(wallet.script) ? ', keys sorted (BIP67)' : ''}`, form: 'text' },
        { label: 'Network', value: wallet.network, form: 'text' },
      ],
    },
    { type: 'heading', text: 'First addresses' },
    { type: 'facts', facts: [address(0, 0), address(0, 1), address(0, 2), address(1, 0)] },
    { type: 'heading', text: isQuorumScript(wallet.script) ? 'Cosigners' : 'Key' },
    { type: 'facts', facts: wallet.cosigners.map(({ label, record }) => ({ label, value: formatKeyRecord(record, wallet.network), form: 'mono' as const })) },
    {
      type: 'code-parts', heading: 'Descriptor', codes,
      note: codes.length === 1 ? 'The whole wallet but its private keys. The eight characters after # are its checksum.' : `The whole wallet but its private keys, in ${codes.length} parts: scan them in order and join their texts without blanks. The eight characters after # are its checksum.`,
    },
    {
      type: 'commands', heading: 'Recovery without Strongroom', commands: recoveryCommands(wallet, bornAt),
      note: 'On any machine with a Bitcoin Core node: make a watch-only wallet and import the descriptor. The first new address must be Receive 0 of this sheet, the first change address Change 0. An indented line continues the one above, with nothing between.',
    },
  ];
  return sheetOf({ ...facts, label: wallet.name, network: wallet.network, kind: 'wallet', part: 'public', title: 'Wallet', warning: 'cannot spend; shows every payment', blocks });
}

/**
 * What a node calls the addresses of a wallet: it keeps receive and change descriptors for each, and gives out addresses of its
 * own choice where none is named.
 */
const addressTypes: Readonly<Record<WalletScript, string>> = {
  p2pkh: 'legacy', p2sh: 'legacy', 'p2sh-p2wpkh': 'p2sh-segwit', 'p2sh-p2wsh': 'p2sh-segwit', p2wpkh: 'bech32', p2wsh: 'bech32', p2tr: 'bech32m', 'p2tr-multi': 'bech32m',
};

/** The commands that make a plain node watch the wallet; both branches with checksums, for nodes older than BIP389. */
function recoveryCommands(wallet: Wallet, bornAt: number): string[] {
  const { nodeCommand, nodeOption } = chainParameters(wallet.network);
  const cli = `${nodeCommand} ${nodeOption === '' ? '' : `${nodeOption} `}`;
  const [receive, change] = [walletDescriptor(wallet, 0), walletDescriptor(wallet, 1)];
  const imported = [receive, change].map((desc, branch) => ({ desc, active: true, internal: branch === 1, range: [0, 999], timestamp: bornAt }));
  return [
    `${cli}-named createwallet wallet_name=recovered disable_private_keys=true blank=true`,
    `${cli}-rpcwallet=recovered importdescriptors '${JSON.stringify(imported)}'`,
    `${cli}-rpcwallet=recovered -named getnewaddress address_type=${addressTypes[wallet.script]}`,
    `${cli}-rpcwallet=recovered -named getrawchangeaddress address_type=${addressTypes[wallet.script]}`,
  ];
}
