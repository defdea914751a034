import type { ReactNode } from 'react';
import { Button } from 'react-aria-components/Button';
import { Menu, MenuItem, MenuTrigger } from 'react-aria-components/Menu';
import { Popover } from 'react-aria-components/Popover';

export interface MenuEntry {
  readonly id: string;
  readonly label: string;
  /** Why it may not be done now; null: it may. It stands there all the same, and says why. */
  readonly why?: string | null;
  act(): void;
}

interface EntriesProps {
  label: string;
  /** A hook: looked at only while the menu is open. */
  useEntries(): readonly MenuEntry[];
}

interface ActionMenuProps extends EntriesProps {
  /** What is drawn on the button, and its name where that is no text. */
  children: ReactNode;
  testId: string;
}

/** All that can be done to one thing; whatever can be dragged can be done here too. */
export function ActionMenu({ children, testId, ...entries }: ActionMenuProps) {
  return (
    <MenuTrigger>
      <Button className="quiet menu-button" aria-label={entries.label} data-testid={testId}>
        {children}
      </Button>
      <Popover className="popover" placement="bottom end">
        <Entries {...entries} />
      </Popover>
    </MenuTrigger>
  );
}

function Entries({ label, useEntries }: EntriesProps) {
  const entries = useEntries();
  return (
    <Menu
      className="menu"
      aria-label={label}
      onAction={(chosen) => entries.find(({ id }) => id === chosen)?.act()}
      disabledKeys={entries.filter(({ why }) => why).map(({ id }) => id)}
    >
      {entries.map(({ id, label: name, why }) => (
        <MenuItem key={id} id={id} textValue={name} data-testid={`menu-${id}`}>
          <span>{name}</span>
          {why && <small>{why}</small>}
        </MenuItem>
      ))}
    </Menu>
  );
}
