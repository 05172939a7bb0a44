/** Numbers of a workbook as people wrote them: which of them are dates, and which. Pure. */

/** Built-in formats that show a date or a time (ECMA-376, 18.8.30). */
const builtIn = (format: number): boolean =>
  (format >= 14 && format <= 22) ||
  (format >= 27 && format <= 36) ||
  (format >= 45 && format <= 47) ||
  (format >= 50 && format <= 58);

/** @param code the format's own code where it is none of the built-in ones */
export const showsDate = (format: number, code?: string): boolean =>
  code === undefined ? builtIn(format) : /[ymdhs]/i.test(code.replaceAll(literal, ""));

/** What stands for itself in a format: quoted, escaped, or in brackets such as a colour's name. */
const literal = /"[^"]*"|\\.|\[[^\]]*\]/g;

/** "2026-01-31", with the time where there is one; a number that is no date stays as it is. */
export function dateText(serial: number, from1904: boolean): string {
  if (!(serial >= 1 && serial < 2_958_466)) return numberText(serial);
  const start = from1904 ? Date.UTC(1904, 0, 1) : Date.UTC(1899, 11, 30);
  const iso = new Date(start + Math.round(serial * 86_400) * 1_000).toISOString();
  return serial % 1 === 0 ? iso.slice(0, 10) : iso.slice(0, 19);
}

/** The number without exponent, as far as its digits are certain. */
export const numberText = (number: number): string =>
  Number.isInteger(number) && Math.abs(number) < 1e21
    ? number.toFixed(0)
    : String(Number(number.toPrecision(15)));

/** A day that somebody wrote: 1990-12-31, 31/12/1990 or 31-12-1990; undefined for anything else. */
export function dayOf(text: string): string | undefined {
  const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})(T[\d:.]*Z?)?$/.exec(text);
  const written = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})$/.exec(text);
  const [year, month, day] = iso?.slice(1, 4) ?? written?.slice(1, 4).reverse() ?? [];
  return year && month && day ? existing(year, month, day) : undefined;
}

function existing(year: string, month: string, day: string): string | undefined {
  const told = `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`;
  const date = new Date(`${told}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(told) ? told : undefined;
}
