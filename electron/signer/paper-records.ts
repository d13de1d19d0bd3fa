import { utf8 } from '../../src/domain/bytes.ts';
import { StrongroomError } from '../../src/errors/strongroom-error.ts';
import { formatPaperWalletRecord, paperWalletRecordFileName, type PaperWalletRecord } from '../../src/signer/entropy/paper-wallet-record.ts';
import type { Shelf } from '../shell/shelf.ts';

/**
 * Keeps the record of a batch of paper wallets. To be called before paper or a file can hold one of them: a wallet that no record
 * names could not be called back. Batches that are given up leave none.
 * @throws StrongroomError what `Shelf.add` throws; not for a batch that was printed or saved before
 */
export async function keepPaperRecord(papers: Pick<Shelf, 'add'>, record: PaperWalletRecord): Promise<void> {
  try {
    await papers.add(paperWalletRecordFileName(record), utf8(formatPaperWalletRecord(record)));
  } catch (fault) {
    // The name has the batch's first address in it: what is there is this record.
    if (!(fault instanceof StrongroomError) || fault.code !== 'file.exists') throw fault;
  }
}
