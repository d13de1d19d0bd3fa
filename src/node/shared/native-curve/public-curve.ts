import { equalBytes } from '../../../domain/bytes.ts';
import { webAssemblyCurve, type PublicCurve } from '../../../wallet/secp256k1-choice.ts';
import { curveDisagreement } from './curve-disagreement.ts';
import { sample } from './sample.ts';

/** The library's functions that take no private key, as it names them. Each answers with 0 for success. */
export interface PublicFunctions {
  ecdsaVerify(signature: Uint8Array, hash: Uint8Array, publicKey: Uint8Array): number;
  /** Writes into `output`, of which it takes the length as it is. */
  publicKeyTweakAdd(output: Uint8Array, publicKey: Uint8Array, tweak: Uint8Array): number;
}

/**
 * The curve's public operations by a native library, with WebAssembly beside it: both are asked for the first answers and for a
 * sample, whenever the native library does not affirm, and only WebAssembly where the question is of a rare form.
 *
 * The sample is against faults (a wrong build, failing memory), not against malice: it can be foreseen.
 * @param other asked for comparison
 * @throws StrongroomError `curve.disagreement`, by each operation, from the first disagreement on
 */
export function nativePublicCurve(library: object, other: PublicCurve = webAssemblyCurve): PublicCurve {
  const functions = library as PublicFunctions;
  const [isVerifyingCompared, isAddingCompared] = [sample(), sample()];
  let haveDisagreed = false;
  // The library has memory of its own made for every array that it is handed; one that stays costs that once.
  const written = new Uint8Array(33);
  const agreed = <T>(areEqual: boolean, answer: T): T => {
    haveDisagreed ||= !areEqual;
    if (haveDisagreed) throw curveDisagreement();
    return answer;
  };
  return {
    verify(hash, publicKey, signature, strict) {
      agreed(true, null);
      // Strict: libsecp256k1 verifies no signature with s in the upper half.
      if (strict !== true || !isBytes(hash, 32) || !isBytes(signature, 64) || !isPlainPoint(publicKey)) return other.verify(hash, publicKey, signature, strict);
      const isValid = functions.ecdsaVerify(signature, hash, publicKey) === 0;
      if (isValid && !isVerifyingCompared()) return true;
      const answer = orThrown(() => other.verify(hash, publicKey, signature, true));
      return agreed(isValid === (answer.value === true), answer).get();
    },
    pointAddScalar(point, scalar, compressed) {
      agreed(true, null);
      if (compressed !== true || !isBytes(scalar, 32) || !isPlainPoint(point) || point.length !== 33) return other.pointAddScalar(point, scalar, compressed);
      const isThere = functions.publicKeyTweakAdd(written, point, scalar) === 0;
      const sum = written.slice();
      if (isThere && !isAddingCompared()) return sum;
      const answer = orThrown(() => other.pointAddScalar(point, scalar, true));
      const same = answer.value === null ? !isThere : isThere && equalBytes(answer.value, sum);
      return agreed(same, answer).get();
    },
  };
}

/** What a call gave: a value, `null` also where it threw, which `get` then does again. */
function orThrown<T>(call: () => T): { readonly value: T | null; readonly get: () => T } {
  try {
    const value = call();
    return { value, get: () => value };
  } catch (fault) {
    return {
      value: null,
      get: () => {
        throw fault;
      },
    };
  }
}

/** The library trusts its caller with what an argument is. */
const isBytes = (value: unknown, length: number): boolean => value instanceof Uint8Array && value.length === length;

/** Compressed or uncompressed. libsecp256k1 reads a third, hybrid form too, which the WebAssembly's wrapper does not. */
const isPlainPoint = (value: unknown): boolean =>
  value instanceof Uint8Array && ((value.length === 33 && (value[0] === 2 || value[0] === 3)) || (value.length === 65 && value[0] === 4));
