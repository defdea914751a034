import { useMemo } from 'react';
import type { SeatState } from '../../../server/http/views.ts';
import type { Floor } from '../../state/floor.ts';
import { useAll, useOfAll } from '../../state/keyed.ts';
import { useWords } from '../../state/language.ts';
import { HERE, NO_FILTER } from '../../state/seat-filter.ts';
import type { SeatFilter } from '../../state/seat-filter.ts';

interface FiltersProps {
  floor: Floor;
  filter: SeatFilter;
  change(filter: SeatFilter): void;
}

const STATES: readonly SeatState[] = [
  'ready',
  'offered',
  'talking',
  'wrap-up',
  'not-ready',
  'signed-out',
];

/** Which hotlines and seats are looked at. */
export function Filters({ floor, filter, change }: FiltersProps) {
  const { t, say } = useWords();
  const queues = useAll(floor.queues).filter(({ drill }) => !drill);
  const sites = useAll(floor.sites).filter(({ by }) => by === 'browser');
  const skills = useSkills(floor);
  const set = (part: Partial<SeatFilter>) => change({ ...filter, ...part });
  return (
    <form
      className="filters"
      role="search"
      aria-label={t('filters')}
      onSubmit={(event) => event.preventDefault()}
    >
      <Choice
        label={t('filter.hotline')}
        testId="filter-hotline"
        value={filter.hotline}
        choose={(hotline) => set({ hotline })}
        options={queues.map(({ id, hotline, name }) => [id, `${hotline} ${say(name)}`])}
      />
      <Choice
        label={t('filter.site')}
        testId="filter-site"
        value={filter.site}
        choose={(site) => set({ site })}
        options={[[HERE, t('here')], ...sites.map(({ id, name }) => [id, say(name)] as const)]}
      />
      <Choice
        label={t('filter.state')}
        testId="filter-state"
        value={filter.state}
        choose={(state) => set({ state: STATES.find((one) => one === state) ?? '' })}
        options={STATES.map((state) => [state, t(`seat.${state}`)])}
      />
      <Choice
        label={t('filter.skill')}
        testId="filter-skill"
        value={filter.skill}
        choose={(skill) => set({ skill })}
        options={skills.map((skill) => [skill, skill])}
      />
      <input
        type="search"
        aria-label={t('filter.text')}
        placeholder={t('filter.text')}
        data-testid="filter-text"
        value={filter.text}
        onChange={({ target }) => set({ text: target.value })}
      />
      <button
        type="button"
        className="quiet"
        data-testid="filter-none"
        onClick={() => change(NO_FILTER)}
      >
        {t('filter.none')}
      </button>
    </form>
  );
}

interface ChoiceProps {
  label: string;
  testId: string;
  value: string;
  options: readonly (readonly [id: string, label: string])[];
  choose(id: string): void;
}

function Choice({ label, testId, value, options, choose }: ChoiceProps) {
  const { t } = useWords();
  return (
    <label>
      {label}
      <select data-testid={testId} value={value} onChange={({ target }) => choose(target.value)}>
        <option value="">{t('filter.all')}</option>
        {options.map(([id, name]) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}

/** All skills that anybody has or a queue asks for. */
export function useSkills(floor: Floor): readonly string[] {
  const queues = useAll(floor.queues);
  const ofSeats = useOfAll(floor.seats, (seats) =>
    [...new Set(seats.flatMap((seat) => seat.skills.map(({ skill }) => skill)))].sort().join('\n'),
  );
  return useMemo(() => {
    const needed = queues.flatMap(({ needs }) => needs.map(({ skill }) => skill));
    return [...new Set([...ofSeats.split('\n').filter(Boolean), ...needed])].sort();
  }, [queues, ofSeats]);
}
