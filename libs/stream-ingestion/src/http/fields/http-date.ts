const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const DAY = '(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)';
const LONG_DAY = '(?:Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)';
const MONTH = `(?<month>${MONTHS.join('|')})`;
const TIME = '(?<hour>\\d\\d):(?<minute>\\d\\d):(?<second>\\d\\d)';

const IMF_FIXDATE = new RegExp(`^${DAY}, (?<day>\\d\\d) ${MONTH} (?<year>\\d{4}) ${TIME} GMT$`);
const RFC_850 = new RegExp(`^${LONG_DAY}, (?<day>\\d\\d)-${MONTH}-(?<year>\\d\\d) ${TIME} GMT$`);
const ASCTIME = new RegExp(`^${DAY} ${MONTH} (?<day>\\d\\d| \\d) ${TIME} (?<year>\\d{4})$`);

/** A date in the one form that is to be generated, IMF-fixdate (RFC 9110, 5.6.7). Fractions of a second are cut off. */
export function formatHttpDate(date: Date): string {
  return date.toUTCString();
}

/**
 * A date in any of the three forms that a recipient must accept (RFC 9110, 5.6.7), or undefined for anything else,
 * dates that do not exist included. The day of the week must be one, but it need not be the right one.
 *
 * @param now what the two-digit year of the RFC 850 form is read against: at most 50 years ahead, else in the past.
 */
export function parseHttpDate(text: string, now: Date = new Date()): Date | undefined {
  const fields = (IMF_FIXDATE.exec(text) ?? RFC_850.exec(text) ?? ASCTIME.exec(text))?.groups;
  if (fields === undefined) return undefined;
  const { year = '' } = fields;
  if (year.length === 4) return dateOf(Number(year), fields);
  const latest = new Date(now);
  latest.setUTCFullYear(latest.getUTCFullYear() + 50);
  const century = Math.floor(now.getUTCFullYear() / 100) * 100;
  return [century + 100, century, century - 100]
    .map((start) => dateOf(start + Number(year), fields))
    .find((date) => date !== undefined && date.getTime() <= latest.getTime());
}

function dateOf(year: number, fields: Readonly<Record<string, string>>): Date | undefined {
  const [day, hour, minute, second] = [fields['day'], fields['hour'], fields['minute'], fields['second']].map(Number);
  const month = MONTHS.indexOf(fields['month'] ?? '');
  if (day === undefined || hour === undefined || minute === undefined || second === undefined) return undefined;
  if (hour > 23 || minute > 59 || second > 60) return undefined;
  // `setUTCFullYear` and not `Date.UTC`, which takes the years 0 to 99 for the twentieth century.
  const date = new Date(0);
  date.setUTCFullYear(year, month, day);
  if (date.getUTCMonth() !== month || date.getUTCDate() !== day) return undefined;
  // A leap second, 60, is the first second of the next minute.
  date.setUTCHours(hour, minute, second);
  return date;
}
