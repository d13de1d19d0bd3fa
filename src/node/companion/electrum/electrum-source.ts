import * as v from 'valibot';
import type { ChainSource } from '../../../companion/chain-source.ts';
import { HEADER_BYTES } from '../../../companion/proof/block-header.ts';
import { lightSource } from '../../../companion/proof/light-source.ts';
import type { HistoryLine, LightServer } from '../../../companion/proof/light-server.ts';
import type { ProofMemory } from '../../../companion/proof/proof-memory.ts';
import { scriptHashOf } from '../../../companion/proof/script-hash.ts';
import { toHex } from '../../../domain/bytes.ts';
import { feeRateFromSatPerKvb } from '../../../domain/fee-rate.ts';
import { parseTransaction } from '../../../psbt/transaction.ts';
import { Amount, Count, HexBytes, Txid } from '../bitcoind/answers.ts';
import { ExactNumber } from '../bitcoind/exact-json.ts';
import { reasonOfText } from '../transport/refused-text.ts';
import { readTrust } from '../transport/peer-certificate.ts';
import { parseServerUrl, serverName } from '../transport/server-url.ts';
import { isBusy, malformed, openElectrumClient, readOutcome, SMALL_ANSWER, type ElectrumClient } from './electrum-client.ts';
import { defaultLineLimits, type LineLimits } from './line-connection.ts';

const FORM = { tls: 'electrum+tls', plain: 'electrum+tcp', form: 'electrum+tls://host:port?pin=SHA256 (or ca=PEM), or electrum+tcp://127.0.0.1:port', hasPath: false, defaultPort: null };

export interface ElectrumSettings {
  readonly limits?: Partial<LineLimits>;
  readonly memory?: ProofMemory;
  /** Seconds since 1970. */
  readonly now?: () => number;
}

/** A transaction of 4,000,000 weight units in hexadecimal. */
const TRANSACTION_ANSWER = 8_400_000;
/** A hundred bytes a line: the script of the busiest wallet there is. */
const HISTORY_ANSWER = 12_000_000;
const MOST_HEADERS = 2_016;

const Header = v.pipe(HexBytes, v.check((bytes) => bytes.length === HEADER_BYTES));
/** No chain is as long; a server that says so would have us read headers without end. */
const BlockHeight = v.pipe(Count, v.maxValue(10_000_000));
const Tip = v.looseObject({ height: BlockHeight, hex: Header });
const Headers = v.looseObject({ count: Count, hex: HexBytes });
/** BTC/kvB, up to what a person could ask for. */
const Rate = v.pipe(Amount, v.maxValue(100_000_000n));
/** 0 and -1 stand for the mempool, with confirmed or unconfirmed parents. */
const Height = v.pipe(v.instance(ExactNumber), v.check(({ source }) => /^(-1|\d{1,9})$/.test(source)), v.transform(({ source }) => (Number(source) < 1 ? null : Number(source))));
const History = v.pipe(v.array(v.looseObject({ tx_hash: Txid, height: Height })), v.maxLength(100_000));
const Merkle = v.looseObject({ block_height: Count, pos: Count, merkle: v.pipe(v.array(Txid), v.maxLength(64)) });
/** BTC/kvB, or -1 where the server cannot say. */
const Estimate = v.union([v.pipe(v.instance(ExactNumber), v.check(({ source }) => /^-1(\.0+)?$/.test(source)), v.transform(() => null)), Rate]);

/**
 * An Electrum server as a chain source: everything it says is proven.
 * @throws StrongroomError `node.url`
 */
export async function openElectrum(url: string, settings: ElectrumSettings = {}): Promise<ChainSource> {
  const address = parseServerUrl(url, FORM);
  const client = openElectrumClient(address, await readTrust(address), { ...defaultLineLimits, ...settings.limits });
  return lightSource({ server: electrumServer(client, serverName(address)), clock: { now: settings.now ?? (() => Math.floor(Date.now() / 1000)) }, ...(settings.memory === undefined ? {} : { memory: settings.memory }) });
}

/** @param name host and port */
export function electrumServer(client: ElectrumClient, name: string): LightServer {
  const histories: LightServer['histories'] = async (scripts) => {
    const outcomes = await client.batch(scripts.map((script) => ({ method: 'blockchain.scripthash.get_history', params: [scriptHashOf(script)], answerBytes: HISTORY_ANSWER })));
    return outcomes.map((outcome) => readOutcome(History, 'blockchain.scripthash.get_history', outcome).map(({ tx_hash: txid, height }): HistoryLine => ({ txid, height })));
  };
  return {
    name,
    linkDepth: null,
    version: 'electrum-1.4',
    async tip() {
      const { height, hex } = await client.call(Tip, 'blockchain.headers.subscribe', []);
      return { height, header: hex };
    },
    genesisHeader: () => client.call(Header, 'blockchain.block.header', [0]),
    async headers(startHeight, count) {
      const wanted = Math.min(count, MOST_HEADERS);
      const { count: given, hex } = await client.call(Headers, 'blockchain.block.headers', [startHeight, wanted], wanted * HEADER_BYTES * 2 + 1_000);
      if (hex.length !== given * HEADER_BYTES || given > wanted) throw malformed('blockchain.block.headers');
      return Array.from({ length: given }, (_, index) => hex.subarray(index * HEADER_BYTES, (index + 1) * HEADER_BYTES));
    },
    histories,
    async transactions(txids) {
      const outcomes = await client.batch(txids.map((txid) => ({ method: 'blockchain.transaction.get', params: [txid], answerBytes: TRANSACTION_ANSWER })));
      // Servers answer an unknown transaction with an error, each with a number of its own.
      return outcomes.map((outcome) => (outcome.ok || isBusy(outcome.errorCode) ? readOutcome(HexBytes, 'blockchain.transaction.get', outcome) : null));
    },
    async merkleProofs(lines) {
      const outcomes = await client.batch(lines.map(({ txid, height }) => ({ method: 'blockchain.transaction.get_merkle', params: [txid, height], answerBytes: SMALL_ANSWER })));
      return outcomes.map((outcome, position) => {
        const proof = readOutcome(Merkle, 'blockchain.transaction.get_merkle', outcome);
        if (proof.block_height !== lines[position]?.height) throw malformed('blockchain.transaction.get_merkle');
        return { position: proof.pos, branch: proof.merkle };
      });
    },
    async heightOf(txid, bytes) {
      // The protocol has no question for it; but whoever was paid has it in their history.
      const scripts = parseTransaction(bytes).transaction.outs.map((output) => output.script).filter((script) => script[0] !== 0x6a);
      for (const script of scripts.slice(0, 3)) {
        const found = (await histories([script]))[0]?.find((line) => line.txid === txid);
        if (found !== undefined) return found.height;
      }
      return undefined;
    },
    async broadcast(transaction) {
      const [outcome] = await client.batch([{ method: 'blockchain.transaction.broadcast', params: [toHex(transaction)], answerBytes: SMALL_ANSWER + transaction.length * 2 }]);
      if (outcome?.ok === false) return { refused: outcome.refusal(reasonOfText) as ReturnType<typeof reasonOfText> };
      if (outcome === undefined) throw malformed('blockchain.transaction.broadcast');
      // Some servers answer a refusal as a result.
      return v.is(Txid, outcome.result) ? { txid: outcome.result } : { refused: reasonOfText(typeof outcome.result === 'string' ? outcome.result : '') };
    },
    async estimateFeeRate(targetBlocks) {
      const estimate = await client.call(Estimate, 'blockchain.estimatefee', [targetBlocks]);
      return estimate === null ? null : feeRateFromSatPerKvb(estimate);
    },
    async minimumFeeRate() {
      return feeRateFromSatPerKvb(await client.call(Rate, 'blockchain.relayfee', []));
    },
    close: () => Promise.resolve(client.close()),
  };
}

