import { useEffect, useRef, useState } from 'react';
import type { StoryView, TicketAct } from '../../../server/http/ticket-views.ts';
import type { Words } from '../../../server/http/views.ts';
import { sendFile } from '../../link/files.ts';
import { Refusal } from '../../link/rest.ts';

export interface Upload {
  readonly id: number;
  readonly name: string;
  readonly bytes: number;
  /** How much of it is there, 0 to 1. */
  readonly part: number;
  /** Why it was not taken; null: it is on its way. */
  readonly refused: Words | null;
}

let count = 0;

/** Files that go up beside a ticket, one after the other; what the server would refuse for sure is not sent. */
export function useUploads(
  act: TicketAct | undefined,
  limits: StoryView['fileLimits'],
  look: () => Promise<void>,
) {
  const [all, setAll] = useState<readonly Upload[]>([]);
  const stops = useRef(new Map<number, AbortController>());
  const queue = useRef<Promise<void>>(Promise.resolve());

  useEffect(() => () => stops.current.forEach((stop) => stop.abort()), []);

  const change = (id: number, more: Partial<Upload>) =>
    setAll((was) => was.map((one) => (one.id === id ? { ...one, ...more } : one)));
  const remove = (id: number) => setAll((was) => was.filter((one) => one.id !== id));

  async function sends(id: number, file: File, stop: AbortController): Promise<void> {
    if (!act || stop.signal.aborted) return;
    const { path, body } = act.request;
    const query = new URLSearchParams({ name: file.name, hotline: String(body['hotline']) });
    try {
      await sendFile({
        path: `${path}?${query.toString()}`,
        file,
        type: 'application/octet-stream',
        went: (part) => change(id, { part }),
        stop: stop.signal,
      });
      await look();
      remove(id);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      if (!stop.signal.aborted) change(id, { refused: error.failure.words });
    }
  }

  return {
    all,
    add(files: readonly File[]) {
      for (const file of files) {
        const id = (count += 1);
        const refused = whyNot(file, limits);
        setAll((was) => [...was, { id, name: file.name, bytes: file.size, part: 0, refused }]);
        if (refused) continue;
        const stop = new AbortController();
        stops.current.set(id, stop);
        queue.current = queue.current.then(() => sends(id, file, stop));
      }
    },
    drop(id: number) {
      stops.current.get(id)?.abort();
      remove(id);
    },
  };
}

function whyNot({ name, size }: File, { mostBytes, endings }: StoryView['fileLimits']) {
  const ending = /\.([^.]+)$/.exec(name)?.[1]?.toLowerCase() ?? '';
  if (!endings.includes(ending)) {
    return {
      zh: '不接受这种文件；可用图片、PDF、办公文档、录音和视频',
      en: 'Not taken; pictures, PDF, office documents, sound and films are',
    };
  }
  if (size <= mostBytes) return null;
  return {
    zh: `文件有 ${sizeText(size)}，最大 ${sizeText(mostBytes)}；请压缩或分开添加`,
    en: `The file has ${sizeText(size)}, the most is ${sizeText(mostBytes)}; make it smaller, or add it in parts`,
  };
}

/** 3 KB, 1.4 MB. */
export function sizeText(bytes: number): string {
  const kb = bytes / 1024;
  return kb < 1000 ? `${Math.max(1, Math.round(kb))} KB` : `${(kb / 1024).toFixed(1)} MB`;
}
