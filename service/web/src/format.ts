// How numbers are written. Nothing is computed here but the unit that reads best.
const LOCALE = "en";
const digits = (count: number) => new Intl.NumberFormat(LOCALE, { maximumSignificantDigits: count });
const four = digits(4);
const three = digits(3);
const six = digits(6);
const whole = new Intl.NumberFormat(LOCALE, { maximumFractionDigits: 0 });
const percent = new Intl.NumberFormat(LOCALE, { style: "percent", maximumFractionDigits: 0 });
const finePercent = new Intl.NumberFormat(LOCALE, { style: "percent", maximumSignificantDigits: 2 });

/** A mass unit, and how many of it are in a kilogram. */
export interface MassUnit {
  name: string;
  spoken: string;
  perKg: number;
}

const UNITS: { least: number; unit: MassUnit }[] = [
  { least: 10_000, unit: { name: "t", spoken: "tonnes", perKg: 1e-3 } },
  { least: 0.01, unit: { name: "kg", spoken: "kilograms", perKg: 1 } },
  { least: 1e-5, unit: { name: "g", spoken: "grams", perKg: 1e3 } },
  { least: 0, unit: { name: "mg", spoken: "milligrams", perKg: 1e6 } },
];
export const KILOGRAM = UNITS[1]!.unit;

/** One unit for all the figures that stand together: by the largest of them. */
export function massUnit(...kg: (number | null | undefined)[]): MassUnit {
  const largest = Math.max(0, ...kg.map((value) => value ?? 0));
  if (largest === 0) return KILOGRAM;
  return UNITS.find(({ least }) => largest >= least)!.unit;
}

/** A number to four significant digits: 31.11, 1,246, 0.2705. */
export function number(value: number, significant: 3 | 4 | 6 = 4): string {
  if (Math.abs(value) >= 10_000) return whole.format(value);
  return (significant === 3 ? three : significant === 6 ? six : four).format(value);
}

/** A figure of kilograms in the unit chosen, without its name; a dash where there is none. */
export function mass(kg: number | null | undefined, unit: MassUnit, significant: 3 | 4 = 4): string {
  return kg === null || kg === undefined ? "–" : number(kg * unit.perKg, significant);
}

/** A figure of kilograms with its unit: `220.4 kg`. */
export function massWithUnit(kg: number | null | undefined, unit: MassUnit = massUnit(kg)): string {
  return kg === null || kg === undefined ? "not known" : `${mass(kg, unit)} ${unit.name}`;
}

export function share(value: number): string {
  return value > 0 && value < 0.01 ? finePercent.format(value) : percent.format(value);
}

/** Grams a kilowatt-hour, as intensities are spoken of: `270 g/kWh`. */
export function intensity(kgPerKwh: number): string {
  return `${number(kgPerKwh * 1000, 3)} g/kWh`;
}

/** How much more or less one figure is than another, in words. */
export function difference(value: number, than: number): string {
  if (than === 0) return value === 0 ? "the same" : "more";
  const change = value / than - 1;
  if (Math.abs(change) < 0.005) return "about the same";
  if (value / than >= 3) return `${number(value / than, 3)} times as much`;
  return `${percent.format(Math.abs(change))} ${change < 0 ? "less" : "more"}`;
}
