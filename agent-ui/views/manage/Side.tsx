import { Tab, TabList, TabPanel, Tabs } from 'react-aria-components/Tabs';
import type { Floor } from '../../state/floor.ts';
import { useOfAll } from '../../state/keyed.ts';
import { useWords } from '../../state/language.ts';
import { Acts } from './Acts.tsx';
import { Calls } from './Calls.tsx';
import { ManagerLog } from './ManagerLog.tsx';
import type { KeyWish } from './wishes.ts';

interface SideProps {
  floor: Floor;
  hotline: string;
  want(wish: KeyWish): void;
}

/** Beside the board: who talks with whom, what was done to queues and seats, what was done to calls. */
export function Side({ floor, hotline, want }: SideProps) {
  const { t } = useWords();
  const talks = useOfAll(floor.calls, (calls) => calls.length);
  return (
    <Tabs className="panel side-tabs">
      <TabList aria-label={t('side')} className="tabs">
        <Tab id="calls" data-testid="tab-calls">
          {t('calls')} <b data-testid="count-calls">{talks}</b>
        </Tab>
        <Tab id="acts" data-testid="tab-acts">
          {t('acts')}
        </Tab>
        <Tab id="log" data-testid="tab-log">
          {t('log')}
        </Tab>
      </TabList>
      <TabPanel id="calls">
        <Calls floor={floor} hotline={hotline} want={want} />
      </TabPanel>
      <TabPanel id="acts">
        <Acts floor={floor} />
      </TabPanel>
      <TabPanel id="log">
        <ManagerLog />
      </TabPanel>
    </Tabs>
  );
}
