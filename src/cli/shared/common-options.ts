import { flag, optional } from './option.ts';
import { folderValue, inputFileValue } from './value-kinds.ts';

/** Options that several commands share, so that they read the same everywhere. */
export const forceOption = flag('replace output files that are there already');
export const qrOption = optional(folderValue, 'also write the PSBT as QR codes into this folder: SVG images, and their text one frame a line');
export const passphraseFileOption = optional(inputFileValue, 'the passphrase of the key file, in a file or on standard input (-); asked for without echo when left out');
