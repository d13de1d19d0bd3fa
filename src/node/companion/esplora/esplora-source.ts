import * as v from 'valibot';
import type { ChainSource } from '../../../companion/chain-source.ts';
import { HEADER_BYTES, parseHeader } from '../../../companion/proof/block-header.ts';
import type { HistoryLine, LightServer } from '../../../companion/proof/light-server.ts';
import { lightSource } from '../../../companion/proof/light-source.ts';
import type { ProofMemory } from '../../../companion/proof/proof-memory.ts';
import { falseHistory, falseProof } from '../../../companion/proof/refusals.ts';
import { scriptHashOf } from '../../../companion/proof/script-hash.ts';
import { ByteWriter } from '../../../domain/byte-writer.ts';
import { parseHex, reversed, toHex } from '../../../domain/bytes.ts';
import { feeRateFromSatPerKvb, parseFeeRate, type FeeRate } from '../../../domain/fee-rate.ts';
import { StrongroomError } from '../../../errors/strongroom-error.ts';
import { Count, Txid } from '../bitcoind/answers.ts';
import { ExactNumber, parseExactJson } from '../bitcoind/exact-json.ts';
import { isTooDeep } from '../transport/json-depth.ts';
import { readTrust } from '../transport/peer-certificate.ts';
import { reasonOfText } from '../transport/refused-text.ts';
import { parseServerUrl, serverName } from '../transport/server-url.ts';
import { defaultHttpLimits, openHttpReader, type HttpLimits, type HttpReader } from './http-reader.ts';

const FORM = { tls: 'esplora+https', plain: 'esplora+http', form: 'esplora+https://host/path?pin=SHA256 (or ca=PEM), or esplora+http://127.0.0.1:port/path', hasPath: true };
const HTTPS_PORT = 443;

export interface EsploraSettings {
  readonly limits?: Partial<HttpLimits>;
  readonly memory?: ProofMemory;
  /** Seconds since 1970. */
  readonly now?: () => number;
}

const SMALL_ANSWER = 65_536;
/** A page of a history holds whole transactions, of which 25 at most are in blocks. */
const PAGE_ANSWER = 24_000_000;
const TRANSACTION_ANSWER = 8_400_000;
/** Lines of history that are read of one script. */
const MOST_LINES = 100_000;
/** Headers come ten at a time; further back each stands for itself. */
const LINK_DEPTH = 60;
const BLOCKS_A_PAGE = 10;
/** What nodes relay by default; the interface has no question for it. */
const DEFAULT_MINIMUM = 1_000n;
const CONCURRENT = 6;

/** No chain is as long. */
const BlockHeight = v.pipe(Count, v.maxValue(10_000_000));
const Status = v.looseObject({ confirmed: v.boolean(), block_height: v.optional(v.nullable(BlockHeight)) });
const Page = v.pipe(v.array(v.looseObject({ txid: Txid, status: Status })), v.maxLength(5_000));
const Merkle = v.looseObject({ block_height: Count, pos: Count, merkle: v.pipe(v.array(Txid), v.maxLength(64)) });
const Uint32 = v.pipe(Count, v.maxValue(0xffff_ffff));
const Block = v.looseObject({
  id: Txid, height: BlockHeight, version: v.pipe(v.instance(ExactNumber), v.check(({ source }) => /^-?\d{1,10}$/.test(source)), v.transform(({ source }) => Number(source))),
  timestamp: Uint32, bits: Uint32, nonce: Uint32, merkle_root: Txid, previousblockhash: v.optional(v.nullable(Txid)),
});
const Estimates = v.record(v.string(), v.instance(ExactNumber));

/**
 * An Esplora server as a chain source: everything it says is proven.
 * @throws StrongroomError `node.url`
 */
export async function openEsplora(url: string, settings: EsploraSettings = {}): Promise<ChainSource> {
  const address = parseServerUrl(url, { ...FORM, defaultPort: url.startsWith('esplora+https') ? HTTPS_PORT : null });
  const http = openHttpReader(address, await readTrust(address), { ...defaultHttpLimits, ...settings.limits });
  return lightSource({ server: esploraServer(http, serverName(address)), clock: { now: settings.now ?? (() => Math.floor(Date.now() / 1000)) }, ...(settings.memory === undefined ? {} : { memory: settings.memory }) });
}

/** @param name host and port */
export function esploraServer(http: HttpReader, name: string): LightServer {
  const readJson = <Schema extends v.GenericSchema>(schema: Schema, method: string, text: string | null): v.InferOutput<Schema> => {
    const parsed = text === null || isTooDeep(text) ? null : v.safeParse(schema, parseExactJson(text));
    if (parsed === null || !parsed.success) throw malformed(method);
    return parsed.output;
  };
  const readWord = (pattern: RegExp, method: string, text: string | null): string => {
    const word = text?.trim() ?? '';
    if (!pattern.test(word)) throw malformed(method);
    return word;
  };
  const hashAt = async (height: number): Promise<string> => readWord(/^[0-9a-f]{64}$/, 'block-height', await http.get(`/block-height/${height}`, SMALL_ANSWER));
  const headerOf = async (hash: string): Promise<Uint8Array> => parseHex(readWord(/^[0-9a-f]{160}$/, 'header', await http.get(`/block/${hash}/header`, SMALL_ANSWER)));

  /** Up to ten blocks below a height, the highest first. */
  const page = async (height: number): Promise<ReadonlyMap<number, Uint8Array>> => {
    const blocks = readJson(v.pipe(v.array(Block), v.minLength(1), v.maxLength(100)), 'blocks', await http.get(`/blocks/${height}`, PAGE_ANSWER));
    return new Map(blocks.map((block) => {
      const raw = headerBytes(block);
      if (parseHeader(raw).hash !== block.id) throw falseProof('work', { height: block.height });
      return [block.height, raw];
    }));
  };

  const history = async (script: Uint8Array): Promise<readonly HistoryLine[]> => {
    const hash = reversedHash(script);
    const lines = new Map<string, HistoryLine>();
    // The first page holds what waits (the newest fifty) and the newest confirmed ones; the rest comes in pages, until one is empty:
    // how many stand on a page differs between servers.
    for (let path = ''; ; ) {
      const read = readJson(Page, 'scripthash/txs', await http.get(`/scripthash/${hash}/txs${path}`, PAGE_ANSWER));
      for (const { txid, status } of read) {
        if (lines.has(txid)) throw falseHistory('repeated', { txid });
        lines.set(txid, { txid, height: heightOfStatus(status) });
      }
      const last = read.findLast(({ status }) => status.confirmed);
      if (last === undefined) return [...lines.values()];
      if (lines.size > MOST_LINES) throw malformed('scripthash/txs');
      path = `/chain/${last.txid}`;
    }
  };

  return {
    name,
    linkDepth: LINK_DEPTH,
    version: 'esplora',
    async tip() {
      const hash = readWord(/^[0-9a-f]{64}$/, 'tip', await http.get('/blocks/tip/hash', SMALL_ANSWER));
      const header = await headerOf(hash);
      const { height } = readJson(v.looseObject({ height: BlockHeight }), 'block', await http.get(`/block/${hash}`, SMALL_ANSWER));
      if (parseHeader(header).hash !== hash) throw falseProof('tip', { height });
      return { height, header };
    },
    genesisHeader: async () => headerOf(await hashAt(0)),
    async headers(startHeight, count) {
      if (count === 1) return [await headerOf(await hashAt(startHeight))];
      const found = await page(startHeight + Math.min(count, BLOCKS_A_PAGE) - 1);
      const raws: Uint8Array[] = [];
      for (let raw = found.get(startHeight); raw !== undefined && raws.length < count; raw = found.get(startHeight + raws.length)) raws.push(raw);
      return raws;
    },
    histories: (scripts) => inParallel(scripts, history),
    transactions: (txids) => inParallel(txids, async (txid) => {
      const text = await http.get(`/tx/${txid}/hex`, TRANSACTION_ANSWER).catch((error: unknown) => {
        // Some servers call an unknown transaction a bad request.
        if (error instanceof StrongroomError && error.code === 'node.rejected' && error.details['status'] === 400) return null;
        throw error;
      });
      return text === null ? null : parseHex(readWord(/^([0-9a-f]{2})+$/, 'tx/hex', text));
    }),
    merkleProofs: (wanted) => inParallel(wanted, async ({ txid, height }) => {
      const proof = readJson(Merkle, 'tx/merkle-proof', await http.get(`/tx/${txid}/merkle-proof`, SMALL_ANSWER));
      if (proof.block_height !== height) throw malformed('tx/merkle-proof');
      return { position: proof.pos, branch: proof.merkle };
    }),
    async heightOf(txid) {
      const text = await http.get(`/tx/${txid}/status`, SMALL_ANSWER);
      return text === null ? undefined : heightOfStatus(readJson(Status, 'tx/status', text));
    },
    async broadcast(transaction) {
      const { status, text } = await http.post('/tx', toHex(transaction), SMALL_ANSWER + transaction.length * 2);
      const word = text.trim();
      return status === 200 && /^[0-9a-f]{64}$/.test(word) ? { txid: word } : { refused: reasonOfText(text) };
    },
    async estimateFeeRate(targetBlocks) {
      const estimates = readJson(Estimates, 'fee-estimates', await http.get('/fee-estimates', SMALL_ANSWER));
      const targets = Object.keys(estimates).filter((key) => /^\d{1,4}$/.test(key)).map(Number).sort((a, b) => a - b);
      const target = targets.findLast((each) => each <= targetBlocks) ?? targets[0];
      return target === undefined ? null : rateOf(estimates[String(target)] as ExactNumber);
    },
    minimumFeeRate: async () => feeRateFromSatPerKvb(DEFAULT_MINIMUM),
    close: () => Promise.resolve(http.close()),
  };
}

const reversedHash = (script: Uint8Array): string => toHex(reversed(parseHex(scriptHashOf(script))));

function heightOfStatus({ confirmed, block_height: height }: v.InferOutput<typeof Status>): number | null {
  if (!confirmed) return null;
  if (height === undefined || height === null) throw malformed('status');
  return height;
}

/** The 80 bytes of a header from its parts. */
function headerBytes(block: v.InferOutput<typeof Block>): Uint8Array {
  const previous = block.previousblockhash ?? '0'.repeat(64);
  return new ByteWriter().uint32(block.version >>> 0).raw(reversed(parseHex(previous))).raw(reversed(parseHex(block.merkle_root))).uint32(block.timestamp).uint32(block.bits).uint32(block.nonce).bytes().subarray(0, HEADER_BYTES);
}

/** sat/vB with any number of decimals, rounded up to a thousandth. */
function rateOf({ source }: ExactNumber): FeeRate {
  const [, whole = '', fraction = ''] = /^(\d{1,6})(?:\.(\d+))?$/.exec(source) ?? [];
  if (whole === '' || Number(whole) >= 100_000) throw malformed('fee-estimates');
  const rate = parseFeeRate(`${Number(whole)}.${fraction.padEnd(3, '0').slice(0, 3)}`);
  return /[1-9]/.test(fraction.slice(3)) ? feeRateFromSatPerKvb(rate + 1n) : rate;
}

async function inParallel<In, Out>(items: readonly In[], work: (item: In) => Promise<Out>): Promise<Out[]> {
  const done = new Array<Out>(items.length);
  let next = 0;
  const run = async (): Promise<void> => {
    for (let index = next++; index < items.length; index = next++) done[index] = await work(items[index] as In);
  };
  await Promise.all(Array.from({ length: Math.min(CONCURRENT, items.length) }, run));
  return done;
}

const malformed = (method: string): StrongroomError =>
  new StrongroomError('node.malformed', 'The node answered something that is not what was asked for.', { method }, 'Check which program listens at the node\'s address, and its version.');
