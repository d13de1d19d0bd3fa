import { StrongroomError } from '../../errors/strongroom-error.ts';

/** `frames.malformed`: a text is no frame of the format that it claims. */
export const malformedFrame = (reason: string): StrongroomError =>
  new StrongroomError('frames.malformed', `This is not a frame of a known format: ${reason}.`, { reason }, 'Scan the frame again; if it stays, show the transfer anew on the other device.');

/** `frames.checksum`: what was read differs from what was sent. */
export const wrongChecksum = (where: string): StrongroomError =>
  new StrongroomError('frames.checksum', `The checksum of ${where} is wrong.`, { where }, 'Scan again from the first frame.');

/** `frames.too-large`: a cap, checked before anything of that size is made. */
export const tooLargeTransfer = (what: string, limit: number): StrongroomError =>
  new StrongroomError('frames.too-large', `The QR frames hold more than is read here: ${what}, at most ${limit}.`, { what, limit }, 'Hand it over as a file on a medium instead.');

/** `frames.too-large`: something to be shown does not fit. */
export const doesNotFit = (bytes: number, format: string): StrongroomError =>
  new StrongroomError('frames.too-large', `${bytes} bytes do not fit frames of the format ${format} at this density.`, { bytes, format }, 'Choose a denser setting, another format, or a file.');

/** `frames.unsupported`: a known form with something in it that Strongroom does not take this way. */
export const unsupportedContent = (what: string): StrongroomError =>
  new StrongroomError('frames.unsupported', `The frames carry something that is not read here: ${what}.`, { what }, 'Show a transaction, a wallet or a public key record on the other device.');
