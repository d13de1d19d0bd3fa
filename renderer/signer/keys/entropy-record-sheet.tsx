import { Facts } from '../../ui/facts.tsx';
import { healthWords, modeWords, momentText, sourceWords, type EntropyRecord } from './entropy-record-words.ts';

/** How a key came to be, for the day on which a generator turns out to have been weak. Nothing in it is secret. */
export function EntropyRecordSheet({ record }: { readonly record: EntropyRecord }) {
  const checks = healthWords(record.health);
  return (
    <Facts facts={[
      ['How', modeWords[record.mode]],
      ['Sources', <ul key="sources">{record.sources.map((source) => <li key={source.source}>{sourceWords(source)}</li>)}</ul>],
      ...(checks.length === 0 ? [] : [['Checks passed', <ul key="checks">{checks.map((check) => <li key={check}>{check}</li>)}</ul>] as const]),
      ['Program', `${record.program} ${record.programVersion}`],
      ['Build', record.build === 'source' ? 'run from its source' : <span key="build" class="mono breakable">{record.build}</span>],
      ['When', momentText(record.madeAt)],
    ]} />
  );
}
