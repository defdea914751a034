import { useRef } from 'react';
import type { StoryView } from '../../../server/http/ticket-views.ts';
import { useWords } from '../../state/language.ts';
import type { Acting } from '../../state/tickets/acting.ts';
import { ActKey } from './Acts.tsx';

interface OthersProps {
  story: StoryView;
  acting: Acting;
  open(key: string): void;
}

/** Tickets that have to do with it and how, earlier ones of the same citizen last; a link can be taken back. */
export function Others({ story, acting, open }: OthersProps) {
  const { t } = useWords();
  const head = useRef<HTMLHeadingElement>(null);
  const others = [...othersOf(story)];
  if (others.length === 0) return null;
  return (
    <>
      <h2 ref={head} tabIndex={-1}>
        {t('story.others')}
      </h2>
      <ul className="story-list" data-testid="story-others">
        {others.map(([key, hows]) => {
          const unlink = story.acts.find(({ id }) => id === `unlink:${key}`);
          return (
            <li key={key} data-testid={`others-${key}`}>
              <a
                href={`/tickets/${encodeURIComponent(key)}`}
                onClick={(event) => {
                  event.preventDefault();
                  open(key);
                }}
              >
                {key}
              </a>
              <small>{[...hows].map((how) => t(how)).join(' · ')}</small>
              {unlink && (
                <ActKey
                  act={unlink}
                  busy={acting.busy}
                  main={false}
                  open={false}
                  press={() =>
                    unlink.allowed &&
                    // The key goes with the link.
                    void acting.act(unlink).then((done) => done && head.current?.focus())
                  }
                />
              )}
            </li>
          );
        })}
      </ul>
    </>
  );
}

type How =
  | 'other.mergedInto'
  | 'other.tookIn'
  | 'other.splitFrom'
  | 'other.splitInto'
  | 'other.linkedFrom'
  | 'other.sameCaller'
  | `join.why.${StoryView['ticket']['links'][number]['why']}`;

/** Each with how it has to do with this one. */
function othersOf({ ticket, linkedFrom, suggestions }: StoryView): Map<string, Set<How>> {
  const others = new Map<string, Set<How>>();
  const has = (how: How, keys: readonly (string | null)[]) => {
    for (const key of keys) {
      if (key !== null) others.set(key, (others.get(key) ?? new Set()).add(how));
    }
  };
  has('other.mergedInto', [ticket.mergedInto]);
  has('other.splitFrom', [ticket.splitFrom]);
  has('other.tookIn', ticket.tookIn);
  has('other.splitInto', ticket.splitInto);
  for (const { other, why } of ticket.links) has(`join.why.${why}`, [other]);
  has('other.linkedFrom', linkedFrom);
  for (const { what, tickets } of suggestions) {
    has(what === 'one-event' ? 'join.why.same-event' : 'other.sameCaller', tickets);
  }
  return others;
}
