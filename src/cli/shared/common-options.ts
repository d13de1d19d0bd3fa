import { frameReaders } from '../../airgap/frames/frame-choice.ts';
import { flag, optional } from './option.ts';
import { choiceValue, folderValue, inputFileValue } from './value-kinds.ts';

/** Options that several commands share, so that they read the same everywhere. */
export const forceOption = flag('replace output files that are there already');
export const qrOption = optional(folderValue, 'also write the PSBT as QR codes into this folder: SVG images, and their text one frame a line');
export const qrForOption = optional(choiceValue('READER', frameReaders), 'who reads the QR codes: its format and density; BBQr where it is left out');
export const passphraseFileOption = optional(inputFileValue, 'the passphrase of the key file, in a file or on standard input (-); asked for without echo when left out');
