import { useRef, useState } from 'react';
import type { ReactNode } from 'react';
import type { DeadLetterView, PeerView } from '../../../server/http/exchange-views.ts';
import { dayAndTime } from '../../state/clock.ts';
import { useWords } from '../../state/language.ts';
import { useExchange, type Exchanging } from '../../state/tickets/exchange.ts';
import { Refused } from '../common/Refused.tsx';
import { Dialog } from '../common/Dialog.tsx';
import { Shape } from '../Shape.tsx';
import { Report } from './Report.tsx';

/** Whether a peer is there, by word and shape before colour. */
function Reach({ peer }: { peer: PeerView }) {
  const { t } = useWords();
  const { called, downSince } = peer;
  const state = downSince !== null ? 'down' : called ? 'up' : 'fetches';
  return (
    <span className={`peer-reach is-${state}`} data-testid="peer-reach" data-state={state}>
      <Shape name={state === 'down' ? 'cross' : state === 'up' ? 'tick' : 'back'} />
      {t(`peer.${state}`)}
    </span>
  );
}

interface PeersProps {
  peers: readonly PeerView[];
  chosen: string | null;
  choose(peer: string): void;
}

/** 互通: the other deployments, beside the panel of one of them. */
export function Peers({ peers, chosen, choose }: PeersProps) {
  const { t, say } = useWords();
  return (
    <ul className="peer-list" aria-label={t('exchange.peers')} data-testid="peers">
      {peers.map((peer) => (
        <li key={peer.id} className={peer.id === chosen ? 'is-current' : ''}>
          <button
            type="button"
            data-testid={`peer-${peer.id}`}
            aria-pressed={peer.id === chosen}
            onClick={() => choose(peer.id)}
          >
            <b>{say(peer.name)}</b>
            <Reach peer={peer} />
            <small>
              {t('peer.queued', { count: peer.waiting.messages })}
              {peer.waiting.dead > 0 && (
                <strong> · {t('peer.deadCount', { count: peer.waiting.dead })}</strong>
              )}
            </small>
          </button>
        </li>
      ))}
    </ul>
  );
}

interface PeerPanelProps {
  peer: PeerView;
  /** Something was done: the peers are others. */
  acted(): void;
  open(key: string): void;
}

/** One peer: whether it is there, what waits for it, what was given up, and the ways without a wire. */
export function PeerPanel({ peer, acted, open }: PeerPanelProps) {
  const { t, say } = useWords();
  const [reported, setReported] = useState(false);
  const exchange = useExchange(peer, acted);
  const { letters, failure, done, busy } = exchange;
  const { waiting, downSince } = peer;
  const path = `/api/exchange/${encodeURIComponent(peer.id)}`;
  return (
    <article className="panel ticket-story" aria-label={say(peer.name)} data-testid="peer-panel">
      {reported ? (
        <Report path={`${path}/report`} close={() => setReported(false)} />
      ) : (
        <>
          <header className="peer-head">
            <h2>{say(peer.name)}</h2>
            <Reach peer={peer} />
            <span className="hint">{peer.hotlines.join(' · ')}</span>
          </header>
          <dl className="peer-facts">
            <Fact name={t('peer.since')}>
              {downSince === null ? t('peer.noneDown') : dayAndTime(downSince)}
            </Fact>
            <Fact name={t('peer.waits')}>
              {t('peer.waitsCount', { count: waiting.messages, tickets: waiting.tickets })}
            </Fact>
            <Fact name={t('peer.oldest')}>
              {waiting.oldest === null ? '—' : dayAndTime(waiting.oldest)}
            </Fact>
            <Fact name={t('peer.dead')}>{waiting.dead}</Fact>
          </dl>
          <div className="ticket-keys" role="group" aria-label={t('peer.byHand')}>
            <button
              type="button"
              className="quiet ticket-key"
              data-testid="show-report"
              onClick={() => setReported(true)}
            >
              {t('report')}
            </button>
            <button
              type="button"
              className="quiet ticket-key"
              data-testid="exchange-export"
              aria-disabled={busy}
              onClick={() => void exchange.exports()}
            >
              {t('peer.export')}
            </button>
            <Import exchange={exchange} />
          </div>
          <Refused failure={failure} testId="exchange-failure" />
          {done && (
            <p className="peer-done" role="status" data-testid="exchange-done">
              {say(done)}
            </p>
          )}
          <DeadLetters letters={letters} exchange={exchange} open={open} />
        </>
      )}
    </article>
  );
}

const Fact = ({ name, children }: { name: string; children: ReactNode }) => (
  <div>
    <dt>{name}</dt>
    <dd>{children}</dd>
  </div>
);

/** A file that a peer has written for us, brought by hand. */
function Import({ exchange }: { exchange: Exchanging }) {
  const { t } = useWords();
  const picker = useRef<HTMLInputElement>(null);
  return (
    <>
      <button
        type="button"
        className="quiet ticket-key"
        data-testid="exchange-import"
        aria-disabled={exchange.busy}
        onClick={() => picker.current?.click()}
      >
        {t('peer.import')}
      </button>
      <input
        type="file"
        hidden
        ref={picker}
        accept=".ndjson"
        data-testid="import-picker"
        onChange={({ target }) => {
          const [file] = target.files ?? [];
          if (file) void exchange.imports(file);
          target.value = '';
        }}
      />
    </>
  );
}

interface DeadLettersProps {
  letters: readonly DeadLetterView[] | null;
  exchange: Exchanging;
  open(key: string): void;
}

/** 死信: given up until somebody decides; what comes after one waits behind it. */
function DeadLetters({ letters, exchange, open }: DeadLettersProps) {
  const { t, say } = useWords();
  const [dropped, setDropped] = useState<string | null>(null);
  if (letters === null) return null;
  return (
    <section aria-label={t('peer.dead')} className="dead-letters">
      <div className="dead-head">
        <h3>{t('dead.title', { count: letters.length })}</h3>
        {letters.length > 1 && (
          <button
            type="button"
            className="quiet ticket-key is-main"
            data-testid="replay-all"
            aria-disabled={exchange.busy}
            onClick={() => void exchange.replaysAll()}
          >
            {t('dead.replayAll', { count: letters.length })}
          </button>
        )}
      </div>
      {letters.length === 0 ? (
        <p className="hint">{t('dead.none')}</p>
      ) : (
        <table data-testid="dead-letters">
          <thead>
            <tr>
              <th scope="col">{t('ticket')}</th>
              <th scope="col">{t('dead.why')}</th>
              <th scope="col">{t('dead.at')}</th>
              <th scope="col">{t('dead.behind')}</th>
              <th scope="col">{t('dead.do')}</th>
            </tr>
          </thead>
          <tbody>
            {letters.map(({ ticket, words, code, at, behind }) => (
              <tr key={ticket} data-testid={`dead-${ticket}`}>
                <td>
                  <a
                    href={`/tickets/${encodeURIComponent(ticket)}`}
                    onClick={(event) => {
                      event.preventDefault();
                      open(ticket);
                    }}
                  >
                    {ticket}
                  </a>
                </td>
                <td>
                  {say(words)} <small>{code}</small>
                </td>
                <td>{dayAndTime(at)}</td>
                <td>{behind}</td>
                <td>
                  <span className="ticket-keys">
                    <button
                      type="button"
                      className="quiet ticket-key"
                      data-testid={`replay-${ticket}`}
                      aria-disabled={exchange.busy}
                      onClick={() => void exchange.replays(ticket)}
                    >
                      {t('dead.replay')}
                    </button>
                    <button
                      type="button"
                      className="quiet ticket-key"
                      data-testid={`let-go-${ticket}`}
                      onClick={() => setDropped(ticket)}
                    >
                      {t('dead.letGo')}
                    </button>
                  </span>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {dropped !== null && (
        <LetGo ticket={dropped} exchange={exchange} close={() => setDropped(null)} />
      )}
    </section>
  );
}

function LetGo({
  ticket,
  exchange,
  close,
}: {
  ticket: string;
  exchange: Exchanging;
  close(): void;
}) {
  const { t } = useWords();
  const [why, setWhy] = useState('');
  return (
    <Dialog
      title={t('dead.letGoTitle', { key: ticket })}
      testId="let-go-dialog"
      close={close}
      confirm={{
        label: t('dead.letGo'),
        busy: exchange.busy,
        danger: true,
        off: why.trim() === '',
        go: () => void exchange.letsGo(ticket, why.trim()).then((did) => did && close()),
      }}
    >
      <p className="join-note">{t('dead.letGoNote')}</p>
      <label className="join-part">
        {t('ticket.asks.why')}
        <textarea
          rows={2}
          maxLength={1000}
          autoFocus
          data-testid="let-go-why"
          value={why}
          onChange={({ target }) => setWhy(target.value)}
        />
      </label>
    </Dialog>
  );
}
