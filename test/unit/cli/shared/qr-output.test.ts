import { beforeEach, expect, test } from 'vitest';
import { frameReaders } from '../../../../src/airgap/frames/frame-choice.ts';
import { readPsbtFile } from '../../../../src/airgap/psbt-file.ts';
import { placeQrCodes, withoutFramesEnding, writeQrCodes, type QrFolder } from '../../../../src/cli/shared/qr-output.ts';
import type { CommandIo } from '../../../../src/cli/shared/command.ts';
import { utf8 } from '../../../../src/domain/bytes.ts';
import { encodePsbt } from '../../../../src/psbt/codec/encode.ts';
import { honestPsbt, testWallet } from '../../support/psbt-builder.ts';

/* Codes that the command line writes: for whom, in which files, and that their texts read as the PSBT again. */

const psbt = encodePsbt(honestPsbt({ wallet: testWallet(2, 3) }));
let written: Map<string, string>;
let io: CommandIo;
beforeEach(() => {
  written = new Map();
  const files = { placeFolder: async () => (name: string) => name, write: async (_place: unknown, name: string, content: string) => (written.set(name, content), `out/${name}`) };
  io = { files } as unknown as CommandIo;
});
const place = (reader?: (typeof frameReaders)[number]): Promise<QrFolder | null> => placeQrCodes(io, { qr: 'out', 'qr-for': reader, force: false });

test('without a reader the frames are BBQr, and their texts one a line', async () => {
  const { json } = await writeQrCodes(io, await place(), 'out/pay-2026-11-22-3f9a.cold.unsigned.psbt', psbt);
  expect(json).toMatchObject({ qr: 'out', qrText: 'out/pay-2026-11-22-3f9a.cold.unsigned.bbqr.txt' });
  expect(readPsbtFile(utf8(written.get('pay-2026-11-22-3f9a.cold.unsigned.bbqr.txt') as string))).toEqual(psbt);
  expect([...written.keys()].filter((name) => name.endsWith('.svg'))).toHaveLength(json['qrFrames'] as number);
});

test.each([['jade', 'ur'], ['strongroom', 'strongroom'], ['specter', 'specter'], ['krux', 'bbqr'], ['electrum', 'base43']] as const)('for %s they are %s, whose texts read as the PSBT again', async (reader, format) => {
  await writeQrCodes(io, await place(reader), 'a.psbt', psbt);
  expect(readPsbtFile(utf8(written.get(`a.${format}.txt`) as string))).toEqual(psbt);
  expect([...written.keys()].filter((name) => new RegExp(`^a\\.${format}-\\d+-of-\\d+\\.svg$`).test(name)).length).toBe((written.get(`a.${format}.txt`) as string).trim().split('\n').length);
});

test('every reader has frames for an ordinary PSBT', async () => {
  for (const reader of frameReaders) expect((await writeQrCodes(io, await place(reader), 'a.psbt', psbt)).json['qrFrames'], reader).toBeGreaterThan(0);
});

test('no folder, no codes; a reader without a folder is a mistake', async () => {
  expect(await placeQrCodes(io, { qr: undefined, 'qr-for': undefined, force: false })).toBe(null);
  expect(await writeQrCodes(io, null, 'a.psbt', psbt)).toEqual({ json: {}, facts: [] });
  await expect(placeQrCodes(io, { qr: undefined, 'qr-for': 'jade', force: false })).rejects.toMatchObject({ code: 'usage.malformed' });
});

test('a file of frames is named after what it holds', () => {
  expect(['pay.cold.unsigned.bbqr.txt', 'pay.cold.unsigned.ur.txt', 'pay.cold.unsigned.psbt'].map(withoutFramesEnding)).toEqual(['pay.cold.unsigned', 'pay.cold.unsigned', 'pay.cold.unsigned.psbt']);
});
