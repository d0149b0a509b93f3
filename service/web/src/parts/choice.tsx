// One of a few, all in sight.
export function Choice({ label, value, onValue, options }: { label: string; value: string; onValue: (value: string) => void; options: [string, string][] }) {
  return (
    <div class="segments" role="group" aria-label={label}>
      {options.map(([id, name]) => (
        <button type="button" aria-pressed={id === value} onClick={() => onValue(id)}>
          {name}
        </button>
      ))}
    </div>
  );
}
