import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Notice } from '../../ui/notice.tsx';
import { useCover } from '../keys/use-cover.ts';
import type { JobState } from './job-state.ts';
import type { PaperActions } from './paper-actions.ts';

/** SecurePrint's codes, one at a time: shown, copied by hand, and gone. */
export function CodesStep({ job, actions }: { readonly job: JobState; readonly actions: PaperActions }) {
  useCover(() => actions.job({ type: 'covered' }));
  const [code] = job.codes;
  const number = job.codesTotal - job.codes.length + 1;
  if (code === undefined) {
    return (
      <>
        <h2 tabIndex={-1}>Copy the codes by hand</h2>
        <Notice weight="verified" title={job.codesTotal === 1 ? 'The code is written down' : `All ${job.codesTotal} codes are written down`}><p>This window no longer has them. The key pages open with what stands on them in your handwriting.</p></Notice>
      </>
    );
  }
  const groups = code.code.match(/.{1,4}/g) ?? [];
  return (
    <>
      <h2 tabIndex={-1}>Copy the codes by hand</h2>
      <p class="measure">Take the printed key sheet with this serial and a permanent pen. Write the code into its boxes, without blanks. It holds capitals and digits, and never 0 1 2 5 6 8 B I O Q S U.</p>
      <div class="hand-code">
        <p class="caption">Code {number} of {job.codesTotal}, for the key sheet</p>
        <p class="hand-code-serial mono">{code.serial}</p>
        {job.isCodeShown
          ? <p class="hand-code-text" role="status" aria-label={`Code: ${[...code.code].join(' ')}`}>{groups.map((group, index) => <span key={index}>{group}</span>)}</p>
          : <p class="hand-code-text hand-code-covered"><span class="visually-hidden">The code is covered.</span>{groups.map((_, index) => <span key={index} aria-hidden="true">{'\u2022\u2022\u2022\u2022'}</span>)}</p>}
      </div>
      <div class="form-actions">
        {job.isCodeShown
          ? <><Button onPress={() => actions.job({ type: 'covered' })}>Cover it</Button><Button kind="primary" guarded onPress={() => actions.job({ type: 'code-written' })}>It is written on this sheet</Button></>
          : <Button onPress={() => actions.job({ type: 'code-shown' })}><Icon name="eye" />Show the code</Button>}
      </div>
      {job.isCodeShown && <p class="caption">Read it back once, character by character. After "It is written on this sheet" nobody can show it again. Enter does not go on.</p>}
    </>
  );
}
