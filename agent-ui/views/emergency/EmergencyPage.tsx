import { I18nProvider } from 'react-aria-components/I18nProvider';
import { useWords } from '../../state/language.ts';
import type { Staff } from '../../state/staff.ts';
import { Figures } from '../common/Figures.tsx';
import { Frame } from '../common/Frame.tsx';
import { SoundSwitch } from '../common/SoundSwitch.tsx';
import { Toasts } from '../common/Toasts.tsx';
import { HeardPanel } from './HeardPanel.tsx';
import { Plans } from './Plans.tsx';
import { Proposals } from './Proposals.tsx';
import { Sites } from './Sites.tsx';
import { Timeline } from './Timeline.tsx';
import './emergency.css';
import './print.css';

/** The emergency staff’s desk: plans and proposals, sites, what callers hear, and what has been done. */
export function EmergencyPage({ staff }: { staff: Staff }) {
  const { language } = useWords();
  const { floor } = staff;
  return (
    <I18nProvider locale={language === 'zh' ? 'zh-CN' : 'en-US'}>
      <Frame staff={staff} tools={<SoundSwitch />}>
        <main className="emergency" tabIndex={-1}>
          <div className="emergency-figures">
            <Figures floor={floor} hotline="" />
          </div>
          <div className="emergency-columns">
            <div className="emergency-column">
              <Proposals staff={staff} />
              <Plans staff={staff} />
            </div>
            <div className="emergency-column">
              <Sites floor={floor} />
              <HeardPanel floor={floor} />
            </div>
            <Timeline floor={floor} />
          </div>
        </main>
      </Frame>
      <Toasts />
    </I18nProvider>
  );
}
