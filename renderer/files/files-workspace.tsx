import { useEffect } from 'preact/hooks';
import { Workspace } from '../frame/workspace.tsx';
import type { Machine } from '../host/machine.ts';
import { counted } from '../ui/amount-text.ts';
import { Button } from '../ui/button.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { ErrorNotice, Notice } from '../ui/notice.tsx';
import { Section } from '../ui/section.tsx';
import { Table } from '../ui/table.tsx';
import type { FilesHost, ListedFile, RefusedFile } from './files-host.ts';
import { kindWords, sizeWords, whyRefused, type FilesEvent, type FilesState, type FileUses } from './files-state.ts';

interface FilesProps {
  readonly host: FilesHost;
  readonly files: Machine<FilesState, FilesEvent>;
  readonly uses: FileUses;
}

/** While the workspace is in sight, drives are looked for so often. */
const LOOK_EVERY_MS = 3000;

/** Looks at drives and at files that were handed over; opens none of them. */
export async function lookForFiles({ host, files }: Pick<FilesProps, 'host' | 'files'>): Promise<void> {
  if (files.state.value.isBusy) return;
  files.send({ type: 'looking' });
  const reply = await host['files.list']({});
  files.send(reply.ok ? { type: 'listed', list: reply.value } : { type: 'failed', error: reply.error });
}

/** What was handed over and is not to be opened, by name. */
function RefusedTable({ rows, onDismiss }: { readonly rows: readonly RefusedFile[]; readonly onDismiss: (file: RefusedFile) => void }) {
  return (
    <Table
      caption="Files handed over that are not opened" rows={rows} keyOf={(row) => row.file} empty=""
      columns={[
        { name: 'Not opened', cell: (row) => <span class="mono breakable">{row.name}</span> },
        { name: 'Why', cell: (row) => <div class="stack-tight"><span class="risk-danger">{whyRefused(row.code)}</span><span class="caption">{row.code}</span></div> },
        { name: 'Use', cell: (row) => <Button small kind="quiet" onPress={() => onDismiss(row)}>Put away<span class="visually-hidden"> {row.name}</span></Button> },
      ]}
    />
  );
}

function FileTable({ caption, rows, uses, onOpen, onDismiss }: { readonly caption: string; readonly rows: readonly ListedFile[]; readonly uses: FileUses; readonly onOpen: (file: ListedFile) => void; readonly onDismiss?: (file: ListedFile) => void }) {
  return (
    <Table
      caption={caption} rows={rows} keyOf={(row) => row.file} empty="Nothing that Strongroom knows by its name"
      columns={[
        { name: 'Name', cell: (row) => <span class="mono breakable">{row.name}</span> },
        { name: 'Looks like', cell: (row) => kindWords[row.kind] },
        { name: 'Size', cell: (row) => <span class="nowrap">{sizeWords(row.sizeBytes)}</span> },
        { name: 'Use', cell: (row) => {
          const use = uses[row.kind];
          return (
            <span class="inline">
              {use === null ? <span class="muted">of no use here</span> : <Button small onPress={() => onOpen(row)}>{use.name}<span class="visually-hidden"> {row.name}</span></Button>}
              {onDismiss !== undefined && <Button small kind="quiet" onPress={() => onDismiss(row)}>Put away<span class="visually-hidden"> {row.name}</span></Button>}
            </span>
          );
        } },
      ]}
    />
  );
}

/** What came across the gap as files. Shown by name and size; opened one at a time, by a person. */
export function FilesWorkspace({ host, files, uses }: FilesProps) {
  const { list, error, refusal } = files.state.value;
  useEffect(() => {
    void lookForFiles({ host, files });
    const timer = setInterval(() => void lookForFiles({ host, files }), LOOK_EVERY_MS);
    return () => clearInterval(timer);
  }, []);
  const open = async (file: ListedFile): Promise<void> => {
    files.send({ type: 'opening' });
    const reply = await host['files.open']({ file: file.file });
    if (reply.ok) uses[file.kind]?.take([reply.value]);
    else files.send({ type: 'refused', error: reply.error });
  };
  const dismiss = async (file: Pick<ListedFile, 'file'>): Promise<void> => {
    files.send({ type: 'opening' });
    await host['files.dismiss']({ file: file.file });
    await lookForFiles({ host, files });
  };
  const isEmpty = list !== null && list.handed.length === 0 && list.refused.length === 0 && list.drives.length === 0;
  return (
    <Workspace
      title="Files" purpose="What came across the gap: on a stick, or opened with Strongroom from outside."
      words="Nothing is opened by itself. What a file is, its content decides when you open it."
      actions={<Button kind="primary" onPress={() => void lookForFiles({ host, files })}>Look again</Button>}
    >
      {isEmpty ? (
        <EmptyState icon="folder" title="No stick is plugged in">
          <p>Plug in the stick that came across the gap. Its files appear here by name and size; folders and links are not gone into.</p>
          <p>Files may be dropped anywhere on this window, too.</p>
          {error !== null && <ErrorNotice error={error} />}
        </EmptyState>
      ) : (
        <div class="page">
          {error !== null && <ErrorNotice error={error} />}
          {refusal !== null && <ErrorNotice error={refusal} />}
          {list !== null && list.handed.length + list.refused.length > 0 && (
            <Section name="Handed over" note="Opened with Strongroom from outside">
              {list.handed.length > 0 && <FileTable caption="Files handed over" rows={list.handed} uses={uses} onOpen={(file) => void open(file)} onDismiss={(file) => void dismiss(file)} />}
              {list.refused.length > 0 && <RefusedTable rows={list.refused} onDismiss={(file) => void dismiss(file)} />}
            </Section>
          )}
          {list?.drives.map((drive) => (
            <Section key={drive.drive} name={drive.name} note="Removable drive">
              {drive.problem !== null
                ? <Notice weight="caution" title="The drive cannot be looked at"><p class="caption">{drive.problem}</p></Notice>
                : <FileTable caption={`Files on ${drive.name}`} rows={drive.files} uses={uses} onOpen={(file) => void open(file)} />}
              {drive.others > 0 && <p class="caption">{counted(drive.others, 'other file or folder', 'other files and folders')} not shown.</p>}
            </Section>
          ))}
        </div>
      )}
    </Workspace>
  );
}
