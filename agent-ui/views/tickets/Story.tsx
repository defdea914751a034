import { useState } from 'react';
import type { RecordingView, StoryView } from '../../../server/http/ticket-views.ts';
import { clockText, dayAndTime } from '../../state/clock.ts';
import { useWords } from '../../state/language.ts';
import { useActing, type Acting } from '../../state/tickets/acting.ts';
import { useStory } from '../../state/tickets/story.ts';
import { Refused } from '../common/Refused.tsx';
import { Shape } from '../Shape.tsx';
import { ActKey, Acts } from './Acts.tsx';
import { Attachments } from './Attachments.tsx';
import { Due } from './Due.tsx';
import { Facts } from './Facts.tsx';
import { Head } from './Head.tsx';
import { Joining } from './Joining.tsx';
import { Others } from './Others.tsx';
import { Report } from './Report.tsx';
import { Waits } from './Waits.tsx';

const STATES = ['accepted', 'approval', 'handling', 'replied', 'archived'] as const;

interface StoryProps {
  /** Number or id of the ticket. */
  name: string;
  /** For which hotline one acts, where the ticket has to do with it; else for whichever of one's own it concerns. */
  hotline: string | null;
  open(key: string): void;
  /** Something was done with it, so that lists are others. */
  acted(): void;
}

/** 可看、可追溯: one ticket with all that happened to it, to be acted on and to be printed. */
export function Story({ name, hotline, open, acted }: StoryProps) {
  const { t } = useWords();
  const { story, failure, look } = useStory(name, hotline);
  /** For whom a special report is shown. */
  const [reported, setReported] = useState<string | null>(null);
  const lookAgain = async () => {
    await look();
    acted();
  };
  const acting = useActing(lookAgain);
  return (
    <article className="panel ticket-story" aria-label={name} data-testid="story">
      <Refused failure={failure} testId="story-failure" />
      {reported !== null && (
        <Report
          path={`/api/tickets/${encodeURIComponent(name)}/report?peer=${reported}`}
          close={() => setReported(null)}
        />
      )}
      {story && reported === null && (
        <>
          <div className="ticket-story-head">
            <Head view={story} acting={acting} />
            <button
              type="button"
              className="quiet"
              data-testid="print"
              onClick={() => window.print()}
            >
              {t('story.print')}
            </button>
          </div>
          {!story.whole && (
            <p className="failure" role="alert">
              {t('story.changed')}
            </p>
          )}
          <Waits waits={story.waits} report={setReported} />
          <Steps story={story} acting={acting} />
          <Acts
            acts={story.acts.filter(({ group }) => group === 'owner' || group === 'work')}
            acting={acting}
            label={t('story.acts')}
          >
            <Joining story={story} acting={acting} look={lookAgain} open={open} />
          </Acts>
          <div className="ticket-story-columns">
            <section aria-label={t('story.facts')}>
              <Facts view={story} />
              <Clocks story={story} />
              <Owners story={story} />
              <Recordings story={story} />
              <Attachments story={story} look={lookAgain} />
              <Others story={story} acting={acting} open={open} />
            </section>
            <Line story={story} />
          </div>
        </>
      )}
    </article>
  );
}

/** 受理、呈批、办理、答复、归档: where it stands, and where it may go now. */
function Steps({ story, acting }: { story: StoryView; acting: Acting }) {
  const { t } = useWords();
  const { state } = story.ticket;
  return (
    <ol className="ticket-steps" aria-label={t('story.steps')}>
      {STATES.map((one) => {
        const act = story.acts.find(({ id }) => id === `move:${one}`);
        return (
          <li
            key={one}
            className={one === state ? 'is-now' : ''}
            aria-current={one === state ? 'step' : undefined}
            data-testid={`step-${one}`}
          >
            {act ? (
              <ActKey
                act={act}
                busy={acting.busy}
                main={false}
                open={false}
                press={() => act.allowed && void acting.act(act)}
              />
            ) : (
              <b>
                {one === state && <Shape name="tick" />}
                {t(`state.${one}`)}
              </b>
            )}
          </li>
        );
      })}
    </ol>
  );
}

function Clocks({ story }: { story: StoryView }) {
  const { t, say } = useWords();
  if (story.clocks.length === 0) return null;
  return (
    <>
      <h2>{t('story.clocks')}</h2>
      <ul className="story-list" data-testid="story-clocks">
        {story.clocks.map((clock) => (
          <li key={clock.id}>
            {clock.runs ? (
              <Due clock={clock} />
            ) : (
              <span className="due">
                <Shape name="tick" />
                {say(clock.words)} <b>{t('story.stopped')}</b>
              </span>
            )}
            <small>
              {clock.unit ?? clock.holder.hotline} · {dayAndTime(clock.dueAt)}
            </small>
          </li>
        ))}
      </ul>
    </>
  );
}

/** Whose it was, one after the other: at no moment nobody’s. */
function Owners({ story }: { story: StoryView }) {
  const { t } = useWords();
  return (
    <>
      <h2>{t('story.owners')}</h2>
      <ul className="story-list" data-testid="story-owners">
        {story.owners.map((one) => (
          <li key={one.term}>
            <b>
              {one.hotline} · {one.deployment}
            </b>
            <small>
              {dayAndTime(one.since)} –{' '}
              {one.until === null ? t('story.now') : dayAndTime(one.until)}
            </small>
          </li>
        ))}
      </ul>
    </>
  );
}

function Recordings({ story }: { story: StoryView }) {
  const { t } = useWords();
  const { recordings } = story;
  const { calls } = story.ticket;
  return (
    <>
      <h2>{t('story.calls')}</h2>
      <ul className="story-list" data-testid="story-calls">
        {calls.map(({ call, at }) => (
          <li key={call}>
            <span className="story-key">{call}</span>
            <small>{dayAndTime(at)}</small>
          </li>
        ))}
        {recordings.map((one) => (
          <RecordingLine key={one.id} recording={one} />
        ))}
        {calls.length + recordings.length === 0 && <li className="hint">{t('story.noCall')}</li>}
      </ul>
    </>
  );
}

/** Heard here by those who may; what is missing in it, and why, stands beside it. */
function RecordingLine({ recording }: { recording: RecordingView }) {
  const { t, say, list } = useWords();
  const { id, startedAt, ms, sha256, state, play, gaps, pauses, shares } = recording;
  const who = [...new Set(shares.map(({ name }) => say(name)))];
  const marks = [
    dayAndTime(startedAt),
    who.length > 0 && list(who),
    gaps.length > 0 && t('story.gaps', { count: gaps.length }),
    pauses.length > 0 && t('story.pauses', { count: pauses.length }),
    state !== 'here' && t(`story.sound.${state}`),
    sha256 === null ? t('story.notClosed') : `SHA-256 ${sha256.slice(0, 12)}…`,
  ];
  return (
    <li data-testid={`recording-${id}`}>
      <span>
        {t('story.recording')} <time>{clockText(ms)}</time>
      </span>
      {play !== null && (
        <>
          <audio controls preload="none" src={play} aria-label={t('story.recording')} />
          <a href={`${play}?download=true`} download>
            {t('story.download')}
          </a>
        </>
      )}
      <small>{marks.filter(Boolean).join(' · ')}</small>
    </li>
  );
}

/** All that happened, the oldest first; who looked at it stands among it. */
function Line({ story }: { story: StoryView }) {
  const { t, say } = useWords();
  return (
    <section className="story-line" aria-label={t('story.line')}>
      <h2>{t('story.line')}</h2>
      <ol data-testid="story-line" tabIndex={0} aria-label={t('story.line')}>
        {story.events.map((event) => (
          <li
            key={event.heardAt + event.type + String(event['version'])}
            className={`is-${event.type}`}
          >
            <time>{dayAndTime(event.heardAt)}</time>
            <div>
              <p>
                <b>{say(event.line.name)}</b>{' '}
                <small>
                  {event.by.hotline} {event.by.person ?? t('story.machine')}
                </small>
              </p>
              {event.line.detail && <p>{say(event.line.detail)}</p>}
            </div>
          </li>
        ))}
      </ol>
    </section>
  );
}
