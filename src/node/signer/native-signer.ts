import { randomBytes } from 'node:crypto';
import { equalBytes, parseHex } from '../../domain/bytes.ts';
import { libsecp256k1 } from '../../signer/curve-libsecp256k1.ts';
import type { CurveSigner } from '../../signer/ecdsa-signer.ts';
import { webAssemblyPrivateCurve, type PrivateCurve } from '../../signer/private-curve.ts';
import { curveDisagreement } from '../shared/native-curve/curve-disagreement.ts';
import { sample } from '../shared/native-curve/sample.ts';

/** The library's functions that the Signer alone names. Each answers with 0 for success. */
interface SigningFunctions {
  /** RFC 6979, low s; `extraEntropy` of section 3.6. Writes into `made.signature`. */
  ecdsaSign(made: { signature: Uint8Array; recid: number }, hash: Uint8Array, privateKey: Uint8Array, extraEntropy: Uint8Array | undefined): number;
  contextRandomize(seed: Uint8Array): number;
  /** Writes into `output`, of which the length chooses the form. */
  publicKeyCreate(output: Uint8Array, privateKey: Uint8Array): number;
}

/** A key of nobody and what it signs, computed by noble-curves. */
const known = {
  privateKey: parseHex('1008d28f03ce5e7a975e53475feb8ef619b84c9066a28231e18faa5d6c40afdd'),
  hash: parseHex('76239e33f77e7d5798287ddc1a4df5bf23455ca164597a04dd453efe98363c20'),
  signature: parseHex('38d1c5fd7c1ee70a31f1306033987fb5892004cd8e41ee2b2b5bd2b13075188f40e3332fe4b045ebe6cf35bf1d68f8785fbb1553dc52a25a8d4b6d2e20b83034'),
  extraEntropy: parseHex('3c4fc332d972b65aa5fc388a025f2ef042cdac671851adafa1aec038cca1223f'),
  signatureWithExtra: parseHex('04869c3d5598746b79a6c72228c20fc330e443a91acfcb8102935f798f1ecb5f7c149ae07d5aad2ad84d19be20af8db0691c21d0d10ae8d50bd23d2b4bc7d64f'),
} as const;

/**
 * libsecp256k1 as native code. ECDSA only: its prebuilt library has no Schnorr signatures, which stay WebAssembly's. What it signs
 * counts only once another implementation has made the same bytes (`signAgreed`).
 * @param library what `openLibrary` gave
 * @param seed 32 random bytes that blind its arithmetic against who measures the processor's power
 * @throws StrongroomError `curve.disagreement` where it does not sign as it must
 */
export function nativeSigner(library: object, seed: Uint8Array = randomBytes(32)): CurveSigner {
  const functions = library as SigningFunctions;
  const sign: CurveSigner['sign'] = (hash, privateKey, extraEntropy) => {
    const made = { signature: new Uint8Array(64), recid: 0 };
    if (functions.ecdsaSign(made, hash, privateKey, extraEntropy) !== 0) throw new Error('the key signs nothing');
    return made.signature;
  };
  const isBlinded = functions.contextRandomize(seed) === 0;
  seed.fill(0);
  const { hash, privateKey, extraEntropy } = known;
  if (!isBlinded || !equalBytes(sign(hash, privateKey, undefined), known.signature) || !equalBytes(sign(hash, privateKey, extraEntropy), known.signatureWithExtra)) throw curveDisagreement();
  return { name: 'libsecp256k1 (native)', sign, signSchnorr: libsecp256k1.signSchnorr };
}

/**
 * Public keys of private ones by the native library; WebAssembly is asked for the first ones and a sample too.
 * @param library what `openLibrary` gave
 * @throws StrongroomError `curve.disagreement`, by each call, from the first disagreement on
 */
export function nativePrivateCurve(library: object, other: PrivateCurve = webAssemblyPrivateCurve): PrivateCurve {
  const functions = library as SigningFunctions;
  const isCompared = sample();
  let haveDisagreed = false;
  return {
    publicKeyOf(privateKey) {
      const publicKey = new Uint8Array(33);
      const isThere = functions.publicKeyCreate(publicKey, privateKey) === 0;
      // What is no private key the other says in its own words.
      haveDisagreed ||= !isThere || isCompared() ? !equalBytes(other.publicKeyOf(privateKey), publicKey) : false;
      if (haveDisagreed) throw curveDisagreement();
      return publicKey;
    },
  };
}
