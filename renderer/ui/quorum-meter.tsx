import { Fingerprint } from './fingerprint.tsx';
import { Icon } from './icon.tsx';
import { counted } from './amount-text.ts';
import { quorumSentence } from './quorum-sentence.ts';

export interface QuorumKey {
  readonly fingerprint: string;
  readonly label: string;
}

interface QuorumMeterProps {
  readonly required: number;
  /** All cosigners of the wallet; where they are unknown, those who signed. */
  readonly keys: readonly QuorumKey[];
  readonly signed: readonly string[];
  readonly thisKey: string | null;
}

/** How full the quorum is: one seat a required signature, then every cosigner by name. */
export function QuorumMeter({ required, keys, signed, thisKey }: QuorumMeterProps) {
  const seats = Array.from({ length: required }, (_, index) => index < signed.length);
  return (
    <div class="quorum">
      <div class="inline">
        <span class="quorum-seats" role="img" aria-label={`${counted(signed.length, 'signature')} of ${required}`}>
          {seats.map((filled, index) => <span key={index} class={`quorum-seat${filled ? ' quorum-seat-signed' : ''}`} />)}
        </span>
        <span>{quorumSentence(required, signed.length)}</span>
      </div>
      <ul class="quorum-keys">
        {keys.map((key) => {
          const hasSigned = signed.includes(key.fingerprint);
          const isThis = key.fingerprint === thisKey;
          return (
            <li key={key.fingerprint}>
              <span class={hasSigned ? 'risk-verified' : 'muted'}><Icon name={hasSigned ? 'check' : isThis ? 'pen' : 'key'} /></span>
              <span>{key.label}</span>
              <Fingerprint value={key.fingerprint} />
              <span class="muted">{hasSigned ? 'has signed' : isThis ? 'this key' : 'has not signed'}</span>
            </li>
          );
        })}
      </ul>
    </div>
  );
}
