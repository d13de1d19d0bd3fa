import { libsecp256k1 } from '../../../signer/curve-libsecp256k1.ts';
import { nobleCurves } from '../../../signer/curve-noble.ts';
import type { Curves, CurveSigner } from '../../../signer/ecdsa-signer.ts';
import { usePrivateCurve } from '../../../signer/private-curve.ts';
import { libraryPlace, openLibrary } from '../../shared/native-curve/open-library.ts';
import { useNativeCurve } from '../../shared/native-curve/use-native-curve.ts';
import { useNativeSha256 } from '../../shared/native-sha256.ts';
import { nativePrivateCurve, nativeSigner } from '../native-signer.ts';

/**
 * The two implementations of signing that must agree, as the product has them; made in the process that signs and nowhere else, which
 * from then on computes with native code what it may (docs/adr/0015).
 * @throws StrongroomError `curve.file-changed`, `curve.disagreement`
 */
export function productCurves(): Curves {
  useNativeSha256();
  return { first: firstCurve(), second: nobleCurves };
}

/** The native library where one lies beside the program and loads, for public keys too; WebAssembly everywhere else. */
function firstCurve(): CurveSigner {
  const place = libraryPlace();
  const library = place === null ? null : openLibrary(place);
  useNativeCurve(library);
  if (library === null) return libsecp256k1;
  usePrivateCurve(nativePrivateCurve(library));
  return nativeSigner(library);
}
