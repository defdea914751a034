import type { FloorCall } from '../../../server/http/supervise-views.ts';
import { useAlarmSound } from '../../state/alarm-sound.ts';
import type { Floor } from '../../state/floor.ts';
import { useAll } from '../../state/keyed.ts';
import { useWords } from '../../state/language.ts';
import { useManaged } from '../../state/managed.ts';
import { Elapsed } from '../Elapsed.tsx';
import { Shape } from '../Shape.tsx';
import { useAbout } from './key-entries.ts';
import { KeyButton } from './KeyButton.tsx';
import type { KeyWish } from './wishes.ts';

interface HelpProps {
  floor: Floor;
  want(wish: KeyWish): void;
}

/** 求助: operators who ask for a manager, told by word, colour and sound until somebody comes or has seen it. */
export function HelpAlarms({ floor, want }: HelpProps) {
  const calls = useAll(floor.calls).filter(({ help }) => help !== null);
  useAlarmSound(calls.length, 'help');
  return (
    <div role="alert" className="help-alarms" data-testid="help-alarms">
      {calls.map((call) => (
        <HelpAlarm key={call.id} call={call} floor={floor} want={want} />
      ))}
    </div>
  );
}

/** What answers a request for help, in this order. */
const ANSWERS = ['listen', 'whisper', 'barge', 'dismiss-help'] as const;

function HelpAlarm({ call, floor, want }: HelpProps & { call: FloorCall }) {
  const { t } = useWords();
  const managed = useManaged(floor, call.id);
  const about = useAbout(floor)(call);
  return (
    <section className="help-alarm" aria-label={t('help')} data-testid={`help-${call.id}`}>
      <Shape name="bell" />
      <b>{t('help.by', { seat: call.help?.seat ?? '' })}</b>
      <span className="help-about">
        {call.hotline} {about}
      </span>
      <Elapsed since={call.help?.since} />
      <span className="help-keys">
        {ANSWERS.flatMap((name) => managed?.actions.find((one) => one.name === name) ?? []).map(
          (action) => (
            <KeyButton key={action.id} action={action} about={about} want={want} />
          ),
        )}
      </span>
    </section>
  );
}
