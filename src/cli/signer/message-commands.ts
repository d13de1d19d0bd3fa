import { parseBase64, toBase64 } from '../../domain/bytes.ts';
import { defineCommand } from '../shared/command.ts';
import { PSBT_FILE_BYTES } from '../shared/command-files.ts';
import { forceOption, passphraseFileOption } from '../shared/common-options.ts';
import { MESSAGE_NOTE, messageOfText, messagePlaceOptions, verifyCommand } from '../shared/message-options.ts';
import { repeated, required } from '../shared/option.ts';
import { facts, inFours } from '../shared/text-layout.ts';
import { inputFileValue, outputFileValue } from '../shared/value-kinds.ts';
import { openSigner, withKey } from './session.ts';

const sign = defineCommand({
  name: 'message sign',
  summary: 'Sign a message as a cosigner of a wallet\'s address, to prove control of it (BIP322)',
  notes: [
    'Nothing that is signed here can move money: it spends an output that cannot exist. But a signed message may bind the organisation: read it.',
    'Of a quorum, each cosigner signs the same message for the same address and hands on the file; --with takes the files of those before.',
    MESSAGE_NOTE,
  ],
  positionals: {},
  options: {
    key: required(inputFileValue, 'the key file'),
    registration: required(inputFileValue, 'the registration of the wallet'),
    ...messagePlaceOptions,
    with: repeated(inputFileValue, 0, 'a file of a cosigner who signed before'),
    out: required(outputFileValue, 'where the file for the next cosigner goes'),
    'passphrase-file': passphraseFileOption,
    force: forceOption,
  },
  async run(values, io) {
    const place = await io.files.place(values.out, values.force);
    const registration = await io.files.readText(values.registration);
    const message = messageOfText(await io.files.readText(values['message-file']));
    const psbtFilesBase64 = await Promise.all(values.with.map(async (file) => toBase64(await io.files.readBytes(file, PSBT_FILE_BYTES))));
    return withKey(io, values.key, values['passphrase-file'], async (call, key) => {
      const done = await call('message.sign', { keyHandle: key.keyHandle, registration, branch: values.branch, index: values.index, message, psbtFilesBase64 });
      const out = await io.files.write(place, 'message.psbt', parseBase64(done.psbtBase64));
      const { psbtBase64, ...json } = done;
      return {
        json: { ...json, out },
        lines: [
          'Signed for', `  ${done.address}`, `  ${io.style.dim(inFours(done.address))}`, 'the message', ...message.split('\n').map((line) => `  ${line}`),
          ...facts([['signed by', done.signed.join(', ')], ['still needed', String(done.stillNeeded)], ['file', out]]),
          ...(done.signature === null ? [] : [io.style.bold('Signature'), `  ${done.signature}`]),
        ],
      };
    });
  },
});

const verify = verifyCommand((io, input) => openSigner(io)('message.verify', input));

export const messageCommands = [sign, verify];
