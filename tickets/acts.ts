import { Refusal } from '../kernel/errors.ts';
import type { Given, Request } from './requests.ts';
import { decide } from './step.ts';
import { sameHolder, states, underWay, type HandOver, type Ticket } from './ticket.ts';

/** Something that a person may want to do with a ticket, and whether he may now. */
export interface Act {
  readonly request: Exclude<Request, { type: 'open' }>;
  /** Which field of the request he fills in with words of his own; null: none. */
  readonly asks: 'why' | 'words' | 'unit' | null;
  /** Why it is not done now; null: it is. */
  readonly refusal: Refusal | null;
}

/** Stands for what he will write. */
const WORDS = '…';

/**
 * What whoever acts (`given.by`) may do with the ticket: only what belongs to how it stands, each asked of the rules
 * themselves, so that what is shown as allowed is what would be done.
 */
export function actsFor(ticket: Ticket, given: Given): Act[] {
  return wanted(ticket, given).map(([request, asks]) => {
    const decided = decide(ticket, request, given);
    return { request, asks, refusal: decided instanceof Refusal ? decided : null };
  });
}

type Wanted = readonly [Act['request'], Act['asks']];

function wanted(ticket: Ticket, given: Given): Wanted[] {
  const offer = underWay(ticket);
  const owns = sameHolder(ticket.owner, given.by);
  const offered = offer !== undefined && sameHolder(offer.to, given.by);
  return [
    ...(offered ? answers(offer.signed !== null, offer.askedBack !== null) : []),
    ...(owns ? owning(ticket, given) : []),
    ...(offer?.mode === 'voice' && (owns || offered) ? outcomes(offer) : []),
    ...(owns
      ? states
          .filter((to) => to !== ticket.state)
          .map((to): Wanted => [{ type: 'move', to, why: '' }, null])
      : []),
    [{ type: 'feedback', words: WORDS, dispatch: null, final: false }, 'words'],
    [{ type: 'dispatch', unit: WORDS, organisation: null, words: '' }, 'unit'],
    ...(owns ? [] : [[{ type: 'urge', words: WORDS }, 'words'] as const]),
    [{ type: 'report-up', words: WORDS }, 'words'],
  ];
}

/** Of the side to which it is offered. */
const answers = (signed: boolean, askedBack: boolean): Wanted[] => [
  [{ type: 'accept' }, null],
  [{ type: 'refuse', why: WORDS }, 'why'],
  ...(signed ? [] : [[{ type: 'sign' }, null] as const]),
  ...(askedBack ? [[{ type: 'agree-to-withdrawal' }, null] as const] : []),
];

/** What a three-way call may end with. */
const outcomes = ({ from, to, call }: HandOver): Wanted[] =>
  [to, from, null].map((takes) => [
    {
      type: 'outcome',
      takes: takes && { deployment: takes.deployment, hotline: takes.hotline },
      call,
    },
    null,
  ]);

/** Of its owner: to offer it, to ask for it back, to have a refusal looked at again. */
function owning(ticket: Ticket, { by, rules }: Given): Wanted[] {
  if (underWay(ticket)) return [[{ type: 'ask-withdrawal', why: WORDS }, 'why']];
  const last = ticket.handOvers.at(-1);
  const refused = last?.answer?.type === 'refused' ? last : undefined;
  return [
    ...rules.hotlines
      .filter((one) => !sameHolder(one, by))
      .map(({ deployment, hotline }): Wanted => {
        const to = { deployment, hotline };
        return [{ type: 'hand-over', to, mode: 'system', call: null, why: WORDS }, 'why'];
      }),
    ...(refused && !refused.review ? [[{ type: 'ask-review', why: WORDS }, 'why'] as const] : []),
    ...(refused?.review && !refused.review.result
      ? (['overturned', 'upheld'] as const).map((outcome): Wanted => [
          { type: 'review', outcome, why: WORDS },
          'why',
        ])
      : []),
  ];
}
