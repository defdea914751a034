import { useEffect, useState } from 'react';
import type { PeerView } from '../../../server/http/exchange-views.ts';
import { useWords } from '../../state/language.ts';
import { recall, remember } from '../../state/memory.ts';
import { useStore } from '../../state/store.ts';
import { useTicketLists } from '../../state/tickets/lists.ts';
import { usePeers } from '../../state/tickets/peers.ts';
import type { Reader } from '../../state/tickets/reader.ts';
import { Refused } from '../common/Refused.tsx';
import { Switches } from '../common/Switches.tsx';
import { LogIn } from '../log-in/LogIn.tsx';
import { PeerPanel, Peers } from './Exchange.tsx';
import { Search } from './Search.tsx';
import { Story } from './Story.tsx';
import { TicketList } from './TicketList.tsx';

const TABS = ['work', 'search', 'exchange'] as const;
type Tab = (typeof TABS)[number];

/** 工单页: inbox, work and search at the left, one ticket with its whole story beside it. */
export function TicketsPage({ reader }: { reader: Reader }) {
  const { t, say } = useWords();
  const { screen, me, failure, open } = useStore(reader.state);
  const [acts, setActs] = useState(0);
  const [tab, setTab] = useState<Tab>('work');
  const [picked, setPicked] = useState(() => recall('actsFor'));
  const [chosen, setChosen] = useState<string | null>(null);
  const manager = screen === 'page' && (me?.roles.includes('manager') ?? false);
  const peers = usePeers(manager, tab === 'exchange', acts);
  const peer = tab === 'exchange' ? (peers.find(({ id }) => id === chosen) ?? peers[0]) : undefined;
  const acted = () => setActs((n) => n + 1);
  const title = `${t('product')} · ${open ?? t('tickets')}`;

  useEffect(() => {
    document.title = title;
  }, [title]);

  if (screen === 'log-in') {
    return <LogIn page="/tickets" failure={failure} entered={reader.start} />;
  }
  if (screen === 'loading' || !me) {
    return (
      <p className="opening" role="status">
        {failure ? say(failure.words) : t('loading')}
      </p>
    );
  }
  // Whoever sits here next may have other ones.
  const hotline = me.hotlines.find((one) => one === picked) ?? me.hotlines[0] ?? null;
  const choose = (one: string) => {
    remember('actsFor', one);
    setPicked(one);
  };

  return (
    <div className="frame tickets-page">
      <header className="bar">
        <h1>
          {t('product')} · {t('tickets')}
        </h1>
        <div className="bar-end">
          <ActsFor hotlines={me.hotlines} hotline={hotline} choose={choose} />
          <span className="bar-who">{say(me.name)}</span>
          <Switches />
          <button
            type="button"
            className="quiet"
            data-testid="log-out"
            onClick={() => void reader.logOut()}
          >
            {t('logOut')}
          </button>
        </div>
      </header>
      <main className="tickets-main">
        <Side
          reader={reader}
          manager={manager}
          hotline={hotline}
          open={open}
          acts={acts}
          tab={tab}
          show={setTab}
          peers={peers}
          peer={peer?.id ?? null}
          choose={setChosen}
        />
        {peer ? (
          <PeerPanel
            key={peer.id}
            peer={peer}
            acted={acted}
            open={(key) => {
              setTab('work');
              reader.open(key);
            }}
          />
        ) : open === null ? (
          <p className="panel tickets-empty hint">{t('tickets.choose')}</p>
        ) : (
          <Story key={open} name={open} hotline={hotline} open={reader.open} acted={acted} />
        )}
      </main>
    </div>
  );
}

interface ActsForProps {
  hotlines: readonly string[];
  hotline: string | null;
  choose(hotline: string): void;
}

/** Who answers for several hotlines says for which one he works now. */
function ActsFor({ hotlines, hotline, choose }: ActsForProps) {
  const { t } = useWords();
  if (hotline === null || hotlines.length < 2) return null;
  return (
    <label className="acts-for">
      {t('tickets.actsFor')}
      <select
        data-testid="acts-for"
        value={hotline}
        onChange={({ target }) => choose(target.value)}
      >
        {hotlines.map((one) => (
          <option key={one}>{one}</option>
        ))}
      </select>
    </label>
  );
}

interface SideProps {
  reader: Reader;
  manager: boolean;
  /** For which hotline one acts; null: one has none. */
  hotline: string | null;
  open: string | null;
  /** Rises with each thing that is done here. */
  acts: number;
  tab: Tab;
  show(tab: Tab): void;
  peers: readonly PeerView[];
  /** The one that is shown beside the list. */
  peer: string | null;
  choose(peer: string): void;
}

function Side(props: SideProps) {
  const { reader, manager, hotline, open, acts, tab, show, peers, peer, choose } = props;
  const { t } = useWords();
  return (
    <section className="panel tickets-side" aria-label={t('tickets')}>
      <div className="tickets-tabs" role="group" aria-label={t('tickets.lists')}>
        {TABS.filter((one) => one !== 'exchange' || peers.length > 0).map((one) => (
          <button
            key={one}
            type="button"
            className="quiet"
            data-testid={`tab-${one}`}
            aria-pressed={one === tab}
            onClick={() => show(one)}
          >
            {t(`tickets.${one}`)}
          </button>
        ))}
      </div>
      {tab === 'exchange' ? (
        <Peers peers={peers} chosen={peer} choose={choose} />
      ) : tab === 'work' ? (
        <Work reader={reader} hotline={hotline} open={open} acts={acts} />
      ) : (
        <Search
          key={hotline}
          manager={manager}
          hotline={hotline}
          current={open}
          open={reader.open}
        />
      )}
    </section>
  );
}

function Work({
  reader,
  hotline,
  open,
  acts,
}: Pick<SideProps, 'reader' | 'hotline' | 'open' | 'acts'>) {
  const { t } = useWords();
  const lists = useTicketLists(hotline, acts);
  const { offered, work, next, clocks, known, failure, more } = lists;
  const common = { clocks, open: reader.open, ...(open === null ? {} : { current: open }) };
  return (
    <>
      <Refused failure={failure} testId="tickets-away" />
      {known && (
        <>
          <h2>{t('ticket.inboxCount', { count: offered.length })}</h2>
          <TicketList label={t('ticket.inbox')} lines={offered} testId="inbox" {...common} />
          <h2>{t('ticket.work')}</h2>
          <TicketList label={t('ticket.work')} lines={work} testId="work" {...common}>
            {next !== null && (
              <li>
                <button type="button" className="quiet" onClick={more}>
                  {t('tickets.more')}
                </button>
              </li>
            )}
          </TicketList>
        </>
      )}
    </>
  );
}
