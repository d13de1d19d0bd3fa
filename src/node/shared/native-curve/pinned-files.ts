/** A file that may be loaded into the process, told by its content. */
export interface PinnedFile {
  readonly bytes: number;
  /** SHA-256, 64 hex digits. */
  readonly sha256: string;
}

/**
 * The prebuilt libraries of npm `secp256k1` 5.0.2, as its tarball has them: libsecp256k1 behind Node-API, which is the same for every
 * Node and Electron of a platform. The names are `process.platform` and `process.arch`. Where there is none (other processors, musl,
 * which is not asked for), the curve is WebAssembly.
 */
export const pinnedFiles: Readonly<Record<string, PinnedFile>> = {
  'linux-x64': { bytes: 171_224, sha256: 'd93a107b99002110e1bfcc2c427d5cd3e3b89dce278631285557d76fd42497ad' },
  'darwin-arm64': { bytes: 218_632, sha256: '9193f1e80547127dfa32e80324513d26454557dc2b3dfa8e962d6b6898e0f30d' },
  'win32-x64': { bytes: 313_856, sha256: '16313b522f8051b6e82ff06a90b66e1f371716196c4bdfa83366e6ffa0b1b0f6' },
};
