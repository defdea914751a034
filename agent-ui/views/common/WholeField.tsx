interface WholeFieldProps {
  label: string;
  testId: string;
  value: string;
  set(value: string): void;
}

/** A whole number from 0 on; what else is typed is left out. */
export function WholeField({ label, testId, value, set }: WholeFieldProps) {
  return (
    <label className="field">
      {label}
      <input
        inputMode="numeric"
        data-testid={testId}
        value={value}
        onChange={({ target }) => set(target.value.replace(/[^\d]/g, ''))}
      />
    </label>
  );
}
