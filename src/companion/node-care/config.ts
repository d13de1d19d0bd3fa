import type { NetworkName } from '../../domain/network.ts';
import { StrongroomError } from '../../errors/strongroom-error.ts';
import { configPrograms, type ConfigProgram, type ConfigProgramName } from './config-programs.ts';

/**
 * What a node is for. `hot`: its own wallet holds keys and money for a day. `watch`: it holds no keys, and watches cold wallets for the
 * Companion. `audit`: it has no wallet at all, and every transaction of the chain.
 */
export const configUses = ['hot', 'watch', 'audit'] as const;
export type ConfigUse = (typeof configUses)[number];

export interface ConfigOrder {
  readonly program: ConfigProgramName;
  readonly network: NetworkName;
  readonly use: ConfigUse;
  /** `user:salt$hash`. */
  readonly rpcauth: string;
  /** Addresses of this machine that JSON-RPC listens on; loopback where empty. */
  readonly bind: readonly string[];
  /** Addresses or networks (CIDR) that may ask; loopback where empty. */
  readonly allow: readonly string[];
  readonly rpcPort: number | null;
  /** Mebibytes of blocks that are kept; `null` for all. */
  readonly pruneMib: number | null;
  readonly maxConnections: number;
}

/** One setting and why it is as it is. */
export interface ConfigLine {
  readonly setting: string;
  readonly why: string;
}

/** Core keeps at least this much (MIN_DISK_SPACE_FOR_BLOCK_FILES). */
const LEAST_PRUNE_MIB = 550;

/**
 * A node's configuration, each line with its reason.
 * @throws StrongroomError `config.malformed`, `config.unsafe`, `config.contradiction`
 */
export function writeConfig(order: ConfigOrder): { readonly text: string; readonly lines: readonly ConfigLine[]; readonly fileName: string } {
  const program: ConfigProgram = configPrograms[order.program];
  const network = program.networks[order.network];
  if (network === undefined) throw new StrongroomError('config.contradiction', `${program.name} has no network of this name.`, { program: program.name, network: order.network }, 'Choose one of its own networks.');
  if (!/^[A-Za-z0-9_-]{1,40}:[0-9a-f]{16,64}\$[0-9a-f]{64}$/.test(order.rpcauth)) throw malformed('rpcauth', 'It is user:salt$hash.');
  const { bind, allow } = checkedReach(order);
  const own = linesFor(order, program, bind, allow);
  // Before sections there were none, and since then these settings count for one network only where they stand in its section.
  const head = network === null ? [] : [{ setting: network.choose, why: 'Which network this node is of; money of another one never mixes with it.' }];
  const lines = [...head, ...own];
  const section = network?.section ?? null;
  const said = (line: ConfigLine): string => `# ${line.why}\n${line.setting}\n`;
  const text = [
    `# ${program.file} for ${order.use === 'audit' ? 'an audit node' : `a ${order.use} node`} on ${order.network}, written by Strongroom's Companion.`,
    '# Put it into the node\'s data folder, or name it with -conf=. It holds no password: only the hash of one.',
    '',
    ...head.map(said),
    ...(section === null ? [] : [`[${section}]`]),
    ...own.map(said),
  ].join('\n');
  return { text, lines, fileName: program.file };
}

function linesFor({ use, rpcauth, rpcPort, pruneMib, maxConnections }: ConfigOrder, program: ConfigProgram, bind: readonly string[], allow: readonly string[]): readonly ConfigLine[] {
  if (pruneMib !== null && (!Number.isSafeInteger(pruneMib) || pruneMib < LEAST_PRUNE_MIB || pruneMib > 10_000_000)) throw malformed('prune', `It takes ${LEAST_PRUNE_MIB} MiB or more.`);
  if (pruneMib !== null && use === 'audit') throw new StrongroomError('config.contradiction', 'An audit needs every block, and a pruned node has discarded the old ones.', { setting: 'prune' }, 'Leave --prune out, or set up a watch node.');
  if (!Number.isSafeInteger(maxConnections) || maxConnections < 8 || maxConnections > 1000) throw malformed('max-connections', 'It takes 8 to 1000.');
  return [
    { setting: 'server=1', why: 'Answer JSON-RPC: this is how the Companion asks.' },
    { setting: `rpcauth=${rpcauth}`, why: 'Who may ask: a name and the salted hash of its password. Whoever reads this file cannot log in with it.' },
    ...bind.map((address) => ({ setting: `rpcbind=${address}`, why: isLoopback(address) ? 'JSON-RPC listens on this machine only.' : 'JSON-RPC listens here too. It is not encrypted: let it be reached through TLS or a tunnel only.' })),
    ...allow.map((range) => ({ setting: `rpcallowip=${range}`, why: isLoopback(range) ? 'Only programs on this machine may ask.' : 'This machine or network may ask as well; nobody else.' })),
    ...(rpcPort === null ? [] : [{ setting: `rpcport=${rpcPort}`, why: 'The port that the Companion\'s URL names.' }]),
    { setting: 'rpcthreads=8', why: 'Eight questions at once: the Companion asks four, a person and a monitor some more.' },
    { setting: 'rpcworkqueue=64', why: 'So many questions wait before the node refuses the next one.' },
    { setting: 'rest=0', why: 'The other interface, which asks for no login, stays off.' },
    { setting: 'listen=0', why: 'Strangers cannot connect to this node; it connects to peers itself. It needs no open port.' },
    ...(program.natPmp ? [{ setting: 'natpmp=0', why: 'No port is opened in the router.' }] : []),
    { setting: `maxconnections=${maxConnections}`, why: 'Enough peers for honest ones to be among them, few enough for a small machine.' },
    ...walletLines(use),
    ...indexLines(use, program, pruneMib),
    { setting: `prune=${pruneMib ?? 0}`, why: pruneMib === null ? 'Keep every block: rescans and audits reach back to the first.' : `Keep the last ${pruneMib} MiB of blocks. Wallets older than these cannot be scanned on this node.` },
    ...(program.stakingOff === null ? [] : [{ setting: program.stakingOff, why: 'Do not stake: it would need the wallet\'s keys unlocked all day, and moves its outputs by itself.' }]),
    { setting: 'dbcache=450', why: 'Mebibytes of memory for the database. More while it syncs for the first time makes that quicker.' },
  ];
}

function walletLines(use: ConfigUse): readonly ConfigLine[] {
  switch (use) {
    case 'hot': return [
      { setting: 'disablewallet=0', why: 'This node keeps the hot wallet. Encrypt it (encryptwallet), and keep in it what a day needs.' },
      { setting: 'walletbroadcast=1', why: 'What the hot wallet sends is sent again until it is confirmed.' },
    ];
    case 'watch': return [{ setting: 'disablewallet=0', why: 'The Companion has it watch public descriptors, in wallets whose private keys are disabled. Make no other wallet here.' }];
    case 'audit': return [{ setting: 'disablewallet=1', why: 'No wallet: this node is asked for the truth of the chain, and has nothing that could be taken.' }];
  }
}

function indexLines(use: ConfigUse, program: ConfigProgram, pruneMib: number | null): readonly ConfigLine[] {
  const filters = program.blockFilters && use !== 'audit' ? [{ setting: 'blockfilterindex=1', why: 'Filters of each block: a wallet\'s past is found in minutes instead of hours. Takes about 15 GiB on mainnet.' }] : [];
  if (use === 'audit') {
    return [
      { setting: 'txindex=1', why: 'Find any transaction by its id: previous transactions and old payments are looked up without a wallet. Takes about 60 GiB on mainnet.' },
      ...(program.coinStatistics ? [{ setting: 'coinstatsindex=1', why: 'Statistics of all unspent outputs at any block, for proofs as of a past date.' }] : []),
    ];
  }
  return [...filters, { setting: 'txindex=0', why: pruneMib === null ? 'Not needed: the watched wallets hold the transactions that spends need.' : 'Impossible beside pruning, and not needed: the watched wallets hold the transactions that spends need.' }];
}

/** What JSON-RPC listens on and who may ask, checked: an open node is how hot wallets are emptied. */
function checkedReach({ bind, allow, rpcPort }: ConfigOrder): { readonly bind: readonly string[]; readonly allow: readonly string[] } {
  if (rpcPort !== null && (!Number.isSafeInteger(rpcPort) || rpcPort < 1 || rpcPort > 65_535)) throw malformed('rpc-port', 'It takes 1 to 65535.');
  for (const address of bind) if (!isIpv4(address) && !isIpv6(address)) throw malformed('bind', 'It takes an IP address of this machine.');
  for (const range of allow) {
    const [address = '', bits, ...rest] = range.split('/');
    const width = isIpv4(address) ? 32 : isIpv6(address) ? 128 : 0;
    if (width === 0 || rest.length > 0 || (bits !== undefined && !(/^[0-9]{1,3}$/.test(bits) && Number(bits) <= width))) throw malformed('allow', 'It takes an IP address, or a network such as 10.0.5.0/24.');
    // A whole internet's worth of addresses is no list.
    if (bits !== undefined && Number(bits) < (width === 32 ? 16 : 48)) throw unsafe('allow', 'The network that may ask is larger than any organisation\'s.', 'Name the machines, or a network of /16 or smaller.');
  }
  const isOpen = bind.some((address) => !isLoopback(address));
  if (bind.some((address) => address === '0.0.0.0' || address === '::')) throw unsafe('bind', 'JSON-RPC would listen on every network that this machine is in.', 'Name the one address of the network that the Companion is in.');
  if (isOpen && !allow.some((range) => !isLoopback(range))) throw unsafe('bind', 'JSON-RPC would listen on a network, and nobody of it may ask.', 'Say with --allow which machines may ask, or leave --bind out.');
  if (!isOpen && allow.some((range) => !isLoopback(range))) throw unsafe('allow', 'Others may ask, and JSON-RPC listens on this machine only.', 'Say with --bind on which address it listens, or leave --allow out.');
  // bitcoind ignores rpcbind where nobody is allowed, and listens on loopback by itself; both are stated all the same.
  return { bind: bind.length === 0 ? ['127.0.0.1'] : bind, allow: allow.length === 0 ? ['127.0.0.1'] : allow };
}

const isLoopback = (range: string): boolean => /^127\./.test(range) || /^::1(\/128)?$/.test(range);
const isIpv4 = (text: string): boolean => /^[0-9]{1,3}(\.[0-9]{1,3}){3}$/.test(text) && text.split('.').every((part) => Number(part) <= 255 && String(Number(part)) === part);
const isIpv6 = (text: string): boolean => /^[0-9a-f:]{2,39}$/i.test(text) && text.includes(':') && !/:::/.test(text) && text.split('::').length <= 2 && text.split(':').every((part) => part.length <= 4) && (text.includes('::') || text.split(':').length === 8) && text.split(':').length <= 8;

const malformed = (setting: string, hint: string): StrongroomError => new StrongroomError('config.malformed', `The value for ${setting} cannot stand in a configuration.`, { setting }, hint);
const unsafe = (setting: string, sentence: string, hint: string): StrongroomError => new StrongroomError('config.unsafe', sentence, { setting }, hint);
