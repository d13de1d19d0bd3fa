/** So many answers of an operation are all asked of a second implementation, so that what a person looks at is computed by both. */
const FIRST_ANSWERS = 64;
/** After that, one in so many. */
const ONE_IN = 64;

/** True for the first calls and regularly after that. Against faults, not malice: it can be foreseen. */
export function sample(): () => boolean {
  let calls = 0;
  return () => {
    calls += 1;
    return calls <= FIRST_ANSWERS || calls % ONE_IN === 0;
  };
}
