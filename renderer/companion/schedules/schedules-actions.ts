import type { WireError } from '../../../src/host/contract.ts';
import { beginWork, followQueue, type CompanionContext } from '../context.ts';
import { chosenWallet, type ReadySession } from '../session.ts';
import { hotSideOf } from '../sweep/sweep-form.ts';
import { ruleOf, ruleProblem } from './schedules-state.ts';

export function schedulesActions(context: CompanionContext, session: ReadySession) {
  const { host, schedules } = context;
  const failed = (error: WireError): void => schedules.send(error.code === 'host.cancelled' ? { type: 'stopped' } : { type: 'failed', error });

  const read = async (): Promise<void> => {
    const reply = await host['schedule.list']({});
    schedules.send(reply.ok ? { type: 'read', rules: reply.value.rules } : { type: 'failed', error: reply.error });
  };

  const add = async (): Promise<void> => {
    const { form } = schedules.state.value;
    const cold = form === null ? undefined : chosenWallet(session, form.walletId);
    const { node } = session.settings;
    if (form === null || cold === undefined || node === null) return;
    const hot = hotSideOf(form, session, cold);
    const rule = ruleProblem(form, hot) === null ? ruleOf(form, node, hot, cold) : null;
    if (rule === null) return;
    const reply = await host['schedule.add']({ rule });
    if (!reply.ok) return failed(reply.error);
    schedules.send({ type: 'left' });
    await read();
  };

  const turn = async (name: string, isOn: boolean): Promise<void> => {
    const reply = await host['schedule.switch']({ name, isOn });
    if (!reply.ok) return failed(reply.error);
    await read();
  };

  const remove = async (name: string): Promise<void> => {
    const reply = await host['schedule.remove']({ name });
    if (!reply.ok) return failed(reply.error);
    await read();
  };

  /** Looks at one rule or at all of them, and prepares what is due. */
  const run = async (name: string | null): Promise<void> => {
    const signal = beginWork(context, 'schedules');
    schedules.send({ type: 'working', progress: { fraction: null, activity: 'Asking the node what is due' } });
    const reply = await host['schedule.run']({ name }, { signal, onProgress: (progress) => { if (!signal.aborted) schedules.send({ type: 'working', progress }); } });
    if (!reply.ok) return failed(reply.error);
    schedules.send({ type: 'ran', outcomes: reply.value.outcomes });
    await read();
    await followQueue(context);
  };

  return { read, add, turn, remove, run, stop: () => context.running.get('schedules')?.abort() };
}

export type SchedulesActions = ReturnType<typeof schedulesActions>;
