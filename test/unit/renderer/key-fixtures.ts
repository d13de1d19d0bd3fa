import type { CreatedKey } from '../../../renderer/signer/keys/ceremony-state.ts';
import type { EntropyRecord } from '../../../renderer/signer/keys/entropy-record-words.ts';

export const record: EntropyRecord = {
  format: 'strongroom-entropy-record', version: 1, fingerprint: '73c5da0a', network: 'practice', label: 'Alice', mode: 'mixed',
  sources: [{ source: 'runtime', count: 128, bits: 256 }, { source: 'dice', count: 99, bits: 255 }], health: ['runtime/stuck', 'dice/face', 'dice/cycle'],
  program: 'strongroom-signer', programVersion: '0.2.0', build: 'a'.repeat(64), madeAt: '2026-11-22T19:50:02.000Z',
};

/** A key as the host gives it after it was made; parts may be changed. */
export const createdKey = (part: Partial<CreatedKey> = {}): CreatedKey => ({
  keyHandle: '0'.repeat(32), fingerprint: '73c5da0a', network: 'practice', label: 'Alice', createdBy: 'strongroom-signer 0.2.0', createdAt: '2026-11-22T00:00:00Z', secret: 'mnemonic', words: 24, language: 'english',
  hasBip39Passphrase: false, sources: ['os', 'dice:99'], entropyRecord: record, keyFileBase64: 'AA==', suggestedName: 'alice-73c5da0a.key.age', recordName: 'alice-73c5da0a.entropy.json', ...part,
});

export const wireError = (code: string, details: Readonly<Record<string, string | number | boolean>> = {}) => ({ code, message: 'm', details, hint: 'h' });
