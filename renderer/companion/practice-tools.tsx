import { useState } from 'preact/hooks';
import { Button } from '../ui/button.tsx';
import { refreshBooks, type CompanionContext } from './context.ts';

/** Practice network only: the chain moves when a person says so. */
export function PracticeTools({ context }: { readonly context: CompanionContext }) {
  const [said, setSaid] = useState('');
  const [isBusy, setBusy] = useState(false);
  const mine = async (blocks: number): Promise<void> => {
    setBusy(true);
    const reply = await context.host['practice.mine']({ blocks });
    setBusy(false);
    if (!reply.ok) return setSaid(reply.error.message);
    setSaid(`Height ${reply.value.height.toLocaleString('en-GB')}`);
    context.session.send({ type: 'tip-moved', height: reply.value.height });
    await refreshBooks(context);
  };
  return (
    <div class="inline">
      <Button small disabled={isBusy} onPress={() => void mine(1)}>Find a block</Button>
      <Button small disabled={isBusy} onPress={() => void mine(6)}>Find 6 blocks</Button>
      <span class="caption" role="status">{said}</span>
    </div>
  );
}
