import { equalBytes, parseHex } from '../../../domain/bytes.ts';
import { useCurve } from '../../../wallet/secp256k1-choice.ts';
import { curveDisagreement } from './curve-disagreement.ts';
import { libraryPlace, openLibrary } from './open-library.ts';
import { nativePublicCurve, type PublicFunctions } from './public-curve.ts';

/** Computed by noble-curves, which shares no code with libsecp256k1. */
const known = {
  hash: parseHex('76239e33f77e7d5798287ddc1a4df5bf23455ca164597a04dd453efe98363c20'),
  otherHash: parseHex('76239e33f77e7d5798287ddc1a4df5bf23455ca164597a04dd453efe98363c21'),
  publicKey: parseHex('027bba6e63692ba2c1d8f0344b1eab8ebd8081048e9df291a763bcfc9f7533782c'),
  uncompressed: parseHex('047bba6e63692ba2c1d8f0344b1eab8ebd8081048e9df291a763bcfc9f7533782c7be96365f7e4ee826257064e64424a26ee81e9dd096d659d4c4823a7fde03034'),
  negated: parseHex('037bba6e63692ba2c1d8f0344b1eab8ebd8081048e9df291a763bcfc9f7533782c'),
  /** x = 5 is of no point. */
  noPoint: parseHex('020000000000000000000000000000000000000000000000000000000000000005'),
  signature: parseHex('38d1c5fd7c1ee70a31f1306033987fb5892004cd8e41ee2b2b5bd2b13075188f40e3332fe4b045ebe6cf35bf1d68f8785fbb1553dc52a25a8d4b6d2e20b83034'),
  highS: parseHex('38d1c5fd7c1ee70a31f1306033987fb5892004cd8e41ee2b2b5bd2b13075188fbf1cccd01b4fba141930ca40e29707865af3c792d2f5fde13286f15eaf7e110d'),
  scalar: parseHex('96e7a1449d7fbbe635df1637cffe1ce0b890dd816060dcfa104297cde5ac6869'),
  sum: parseHex('0393653554b88aca9b28f1d757520403368d1a6db748629f084b17f78c486ce5af'),
  order: parseHex('fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141'),
} as const;

/** Whether a library knows a good signature from bad ones and adds points rightly. */
export function answersAsKnown(library: object): boolean {
  const { hash, otherHash, publicKey, uncompressed, negated, noPoint, signature, highS, scalar, sum, order } = known;
  const functions = library as PublicFunctions;
  const verifies = (...[theSignature, theHash, theKey]: Parameters<PublicFunctions['ecdsaVerify']>): boolean => functions.ecdsaVerify(theSignature, theHash, theKey) === 0;
  const added = (point: Uint8Array, tweak: Uint8Array): Uint8Array | null => {
    const output = new Uint8Array(33);
    return functions.publicKeyTweakAdd(output, point, tweak) === 0 ? output : null;
  };
  const empty = new Uint8Array(64);
  const good = verifies(signature, hash, publicKey) && verifies(signature, hash, uncompressed);
  const bad = [verifies(signature, otherHash, publicKey), verifies(signature, hash, negated), verifies(signature, hash, noPoint), verifies(highS, hash, publicKey), verifies(empty, hash, publicKey)];
  const rightSum = added(publicKey, scalar);
  return good && !bad.includes(true) && rightSum !== null && equalBytes(rightSum, sum) && added(publicKey, order) === null && added(noPoint, scalar) === null;
}

/**
 * Lets the native library that lies beside the program, where one does, compute the curve's public operations in this process.
 * Called once, by an edition's effects.
 * @param library for a caller that has it open already
 * @throws StrongroomError `curve.file-changed`, `curve.disagreement`
 */
export function useNativeCurve(library: object | null = openPlaced()): void {
  if (library === null) return;
  if (!answersAsKnown(library)) throw curveDisagreement();
  useCurve(nativePublicCurve(library));
}

function openPlaced(): object | null {
  const place = libraryPlace();
  return place === null ? null : openLibrary(place);
}
