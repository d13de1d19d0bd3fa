import type { Handlers } from '../../host/contract.ts';
import type { signerCoreContract } from '../../host/signer-contract.ts';
import { describeShares } from '../../signer/secrets/share-set.ts';

/** Help while shares are gathered one by one. */
export const createShareHandlers = (): Pick<Handlers<typeof signerCoreContract>, 'share.check'> => ({
  'share.check': ({ secrets }) => {
    const { shares, groups, ...set } = describeShares(secrets);
    return { ...set, shares: [...shares], groups: [...groups] };
  },
});
