import { parseBase64, toBase64 } from '../../domain/bytes.ts';
import { defineCommand } from '../shared/command.ts';
import { PSBT_FILE_BYTES } from '../shared/command-files.ts';
import { forceOption } from '../shared/common-options.ts';
import { MESSAGE_NOTE, messageOfText, messagePlaceOptions, verifyCommand } from '../shared/message-options.ts';
import { repeated, required } from '../shared/option.ts';
import { facts } from '../shared/text-layout.ts';
import { inputFileValue, outputFileValue } from '../shared/value-kinds.ts';
import { walletOption, withCompanion } from './session.ts';

const finish = defineCommand({
  name: 'message finish',
  summary: 'Bring cosigners\' files of one message together into its signature (BIP322)',
  notes: [MESSAGE_NOTE],
  positionals: {},
  options: {
    wallet: walletOption,
    ...messagePlaceOptions,
    with: repeated(inputFileValue, 1, 'a file that a cosigner signed'),
    out: required(outputFileValue, 'where the combined file goes'),
    force: forceOption,
  },
  async run(values, io) {
    const place = await io.files.place(values.out, values.force);
    const wallet = await io.files.readText(values.wallet);
    const message = messageOfText(await io.files.readText(values['message-file']));
    const psbtFilesBase64 = await Promise.all(values.with.map(async (file) => toBase64(await io.files.readBytes(file, PSBT_FILE_BYTES))));
    return withCompanion(io, undefined, async (call) => {
      const { psbtBase64, ...done } = await call('message.finish', { wallet, branch: values.branch, index: values.index, message, psbtFilesBase64 });
      const out = await io.files.write(place, 'message.psbt', parseBase64(psbtBase64));
      return {
        json: { ...done, out },
        lines: [...facts([['address', done.address], ['signed by', done.signed.length === 0 ? 'nobody yet' : done.signed.join(', ')], ['still needed', String(done.stillNeeded)], ['file', out]]), ...(done.signature === null ? [] : [io.style.bold('Signature'), `  ${done.signature}`])],
      };
    });
  },
});

const verify = verifyCommand((io, input) => withCompanion(io, undefined, (call) => call('message.verify', input)));

export const messageCommands = [finish, verify];
