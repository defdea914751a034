import { useEffect, useRef, useState } from 'react';
import type { DeadLetterView, PeerView } from '../../../server/http/exchange-views.ts';
import type { Failure, Words } from '../../../server/http/views.ts';
import { keepAs, sendFile, textAt } from '../../link/files.ts';
import { get, post, Refusal } from '../../link/rest.ts';

export interface Exchanging {
  /** Null: not known yet. */
  readonly letters: readonly DeadLetterView[] | null;
  readonly busy: boolean;
  readonly failure: Failure | null;
  /** What has just been done. */
  readonly done: Words | null;
  replays(ticket: string): Promise<boolean>;
  replaysAll(): Promise<boolean>;
  letsGo(ticket: string, why: string): Promise<boolean>;
  /** 介质交换: what waits, as files to be carried there. */
  exports(): Promise<boolean>;
  imports(file: File): Promise<boolean>;
}

/** How one line of a file fared. */
interface Answer {
  readonly outcome: 'taken' | 'ahead' | 'refused' | 'later';
  readonly words?: Words;
}

const MOST_FILES = 50;

/**
 * What a manager sees of one peer, and does about it. Its dead letters are asked for whenever it has been.
 * @param acted how things stand with all of them is another
 */
export function useExchange(peer: PeerView, acted: () => void): Exchanging {
  const [letters, setLetters] = useState<readonly DeadLetterView[] | null>(null);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [done, setDone] = useState<Words | null>(null);
  const over = useRef(false);
  const path = `/api/exchange/${encodeURIComponent(peer.id)}`;

  async function look() {
    const got = await get<DeadLetterView[]>(`${path}/dead`).catch(failed);
    if (got && !over.current) setLetters(got);
  }

  function failed(error: unknown): void {
    if (!(error instanceof Refusal)) throw error;
    if (!over.current) setFailure(error.failure);
  }

  async function does(work: () => Promise<Words>): Promise<boolean> {
    if (busy) return false;
    setBusy(true);
    setFailure(null);
    setDone(null);
    try {
      const words = await work();
      if (!over.current) setDone(words);
      return true;
    } catch (error) {
      failed(error);
      return false;
    } finally {
      if (!over.current) setBusy(false);
      await look();
      acted();
    }
  }

  useEffect(() => {
    over.current = false;
    void look();
    return () => {
      over.current = true;
    };
  }, [peer]);

  return {
    letters,
    busy,
    failure,
    done,
    replays: (ticket) =>
      does(async () => {
        await post(`${path}/dead/${encodeURIComponent(ticket)}/replay`);
        return { zh: `${ticket} 已重发`, en: `${ticket} was sent again` };
      }),
    replaysAll: () =>
      does(async () => {
        const { replayed } = await post<{ replayed: number }>(`${path}/dead/replay`);
        return { zh: `${replayed} 条死信已重发`, en: `${replayed} were sent again` };
      }),
    letsGo: (ticket, why) =>
      does(async () => {
        await post(`${path}/dead/${encodeURIComponent(ticket)}/let-go`, { why });
        return { zh: `${ticket} 的死信已放弃`, en: `That of ${ticket} was let go` };
      }),
    exports: () =>
      does(async () => {
        for (let part = 1; part <= MOST_FILES; part += 1) {
          const text = await textAt(`${path}/file?part=${part}`);
          if (text === '') return exported(part - 1);
          keepAs(`${peer.id}-${part}.ndjson`, text);
        }
        return exported(MOST_FILES);
      }),
    imports: (file) =>
      does(async () => {
        const type = 'application/x-ndjson';
        const to = { path: '/exchange/v1/bulk', file, type };
        const { answers } = await sendFile<{ answers: readonly Answer[] }>(to);
        return imported(answers);
      }),
  };
}

const exported = (files: number): Words =>
  files === 0
    ? { zh: '没有待送内容', en: 'Nothing waits' }
    : {
        zh: `已导出 ${files} 个签名文件，请送交对方导入`,
        en: `${files} signed file(s) written: to be carried there`,
      };

/** How many were taken, and the first reason why others were not. */
function imported(answers: readonly Answer[]): Words {
  const taken = answers.filter(({ outcome }) => outcome === 'taken').length;
  const why = answers.find(({ words }) => words)?.words;
  return {
    zh: `${answers.length} 条中已接收 ${taken} 条${why ? `；未接收：${why.zh}` : ''}`,
    en: `${taken} of ${answers.length} were taken${why ? `; not taken: ${why.en}` : ''}`,
  };
}
