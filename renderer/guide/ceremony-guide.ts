/** The rehearsal: one whole ceremony on the practice network, from keys to books, as the guide tells it. */

export type GuideEdition = 'signer' | 'companion';

export interface GuideStep {
  readonly id: string;
  readonly edition: GuideEdition;
  readonly title: string;
  readonly why: string;
  readonly now: string;
}

export const guideSteps = [
  { id: 'keys', edition: 'signer', title: 'Make three keys', why: 'Three people, three keys: no single one can spend, and one may be lost.', now: 'In Keys, make a key three times: A, B and C. In a rehearsal one die and a pencil will do.' },
  { id: 'records', edition: 'signer', title: 'Hand out the key records', why: 'The online half needs public keys to watch the wallet. They cannot spend.', now: 'In Keys, show each key\'s public record and save it into the gap folder.' },
  { id: 'wallet', edition: 'companion', title: 'Make the wallet', why: 'Two of the three keys shall spend. That rule is the wallet.', now: 'In Node, check the practice node. In Wallets, make a wallet from the three records, 2 of 3, and save its file into the gap folder.' },
  { id: 'register', edition: 'signer', title: 'Register the wallet', why: 'A false wallet file could send change to a thief. Eight words, read aloud, rule that out.', now: 'In Wallets, open the wallet file and type the eight words that the Companion shows. For key B, type those that key A registered: officers compare with each other, not with the online machine.' },
  { id: 'sweep', edition: 'companion', title: 'Sweep hot to cold', why: 'Money belongs behind the gap; only a float stays hot.', now: 'In Sweep, plan the sweep, have the node sign its own hot wallet, and broadcast.' },
  { id: 'confirm', edition: 'companion', title: 'Find a block', why: 'Only what stands in a block is settled.', now: 'Use "Find a block" below, then refresh the Ledger.' },
  { id: 'pay', edition: 'companion', title: 'Plan a payment', why: 'Several payments share one transaction, one fee and one ceremony.', now: 'In Pay, take the practice payments, look at the plan, and save the unsigned PSBT into the gap folder.' },
  { id: 'sign', edition: 'signer', title: 'Review and sign, twice', why: 'Each signer proves every amount without trusting the online half.', now: 'In Sign, open the file with key A, compare, sign, save. Then the same unsigned file with key B.' },
  { id: 'send', edition: 'companion', title: 'Combine and send', why: 'Every signature is verified again before anything is sent.', now: 'In Combine & send, drop both signed files, check the review, broadcast, then find a block.' },
  { id: 'books', edition: 'companion', title: 'Close the books', why: 'The ledger must equal what the chain says, counted independently.', now: 'In Ledger, refresh, then audit against the node.' },
] as const satisfies readonly GuideStep[];

export type GuideStepId = (typeof guideSteps)[number]['id'];

export interface GuideLine {
  readonly step: (typeof guideSteps)[number];
  readonly state: 'done' | 'now' | 'next-here' | 'later';
}

/**
 * Where the ceremony stands, from what one window knows. Each step needs those before it, so a later step that is done
 * proves the earlier ones, also those of the other window, which this one cannot see.
 * @param known steps that this window knows to be done
 */
export function guideLines(edition: GuideEdition, known: ReadonlySet<GuideStepId>): readonly GuideLine[] {
  const lastDone = guideSteps.findLastIndex((step) => known.has(step.id));
  const now = lastDone + 1;
  const nextHere = guideSteps.findIndex((step, index) => index >= now && step.edition === edition);
  return guideSteps.map((step, index): GuideLine => ({
    step,
    state: index <= lastDone ? 'done' : index === now ? 'now' : index === nextHere ? 'next-here' : 'later',
  }));
}
