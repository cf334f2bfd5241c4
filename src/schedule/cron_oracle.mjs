// Prints what npm's croner makes of many cron expressions: [{expression, start, runs}] as JSON, all times UTC.
// cron_test.cpp compares our answers with these. The choice is random but always the same.
import { Cron } from 'croner';

const expressionsPerShape = 60;
const startsPerExpression = 3;
const runsPerStart = 6;

let state = 20240229;
function random(below) {
  state = (Math.imul(state, 1103515245) + 12345) >>> 0;
  return Math.floor((state / 2 ** 32) * below);
}

function between(low, high) {
  return low + random(high - low + 1);
}

function pick(choices) {
  return choices[random(choices.length)];
}

function range(low, high) {
  const from = between(low, high);
  return `${from}-${between(from, high)}`;
}

function step(low, high) {
  return between(1, Math.max(1, Math.floor((high - low) / 2)));
}

// A field without specials.
function plain(low, high) {
  return pick([
    () => '*',
    () => `${between(low, high)}`,
    () => range(low, high),
    () => `${between(low, high)},${between(low, high)},${between(low, high)}`,
    () => `*/${step(low, high)}`,
    () => `${range(low, high)}/${step(low, high)}`,
    () => `${range(low, high)},${between(low, high)}`,
  ])();
}

const months = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const weekdays = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

const month = () => pick([() => plain(1, 12), () => pick(months), () => `${months[random(6)]}-${months[6 + random(6)]}`])();
const weekday = () => pick([() => plain(0, 6), () => plain(0, 7), () => pick(weekdays), () => `mon-${pick(['wed', 'fri', 'sat'])}`])();
const specialDay = () => pick([() => 'L', () => 'LW', () => `${between(1, 31)}W`, () => `L,${between(1, 28)}`, () => `${between(1, 12)}W,${between(13, 28)}`])();
const specialWeekday = () => pick([() => `${between(0, 7)}L`, () => `${between(0, 6)}#${between(1, 5)}`, () => `${pick(weekdays)}#${between(1, 4)}`, () => `MON#1,${between(2, 5)}L`])();

// A step over every day counts as a restriction for croner and as none in Vixie cron, which we follow; beside a
// restricted day of week that is another schedule, so the shape with both leaves it out.
const restrictedDay = () => pick([() => `${between(1, 31)}`, () => range(1, 31), () => `${between(1, 15)},${between(16, 31)}`])();

const shapes = [
  () => `${plain(0, 59)} ${plain(0, 23)} * * *`,
  () => `${plain(0, 59)} ${plain(0, 59)} ${plain(0, 23)} * * *`,
  () => `${plain(0, 59)} ${plain(0, 23)} ${plain(1, 31)} ${month()} *`,
  () => `${plain(0, 59)} ${plain(0, 23)} * ${month()} ${weekday()}`,
  () => `${plain(0, 59)} ${plain(0, 23)} ${restrictedDay()} ${month()} ${pick(['1', 'MON', '2-4', '0,6', '7'])}`,
  () => `${plain(0, 59)} ${plain(0, 23)} ${specialDay()} ${month()} *`,
  () => `${plain(0, 59)} ${plain(0, 23)} ? ${month()} ${specialWeekday()}`,
  () => `${plain(0, 59)} 12 ${specialDay()} ${month()} ${specialWeekday()}`,
];
const fixed = [
  '@yearly', '@annually', '@monthly', '@weekly', '@daily', '@midnight', '@hourly', '0 0 29 2 *', '0 0 30 2 *',
  '59 59 23 31 12 *', '0 0 31 * *', '0 0 ? * 0', '0 0 ? * 7', '0 0 13 * 5', '* * * * *', '* * * * * *',
];

const firstStart = Date.UTC(2019, 0, 1);
const lastStart = Date.UTC(2031, 0, 1);
const edges = [Date.UTC(2024, 1, 28, 23, 59, 59), Date.UTC(2023, 11, 31, 23, 59, 59, 999), Date.UTC(2096, 1, 29, 12)];

// Ours answers nothing beyond this many years.
const yearsSearched = 8;

function runsOf(expression, start) {
  const runs = new Cron(expression, { timezone: 'UTC' }).nextRuns(runsPerStart, new Date(start));
  const out = [];
  let previous = start;
  for (const run of runs) {
    if (run.getTime() - previous > yearsSearched * 365.25 * 86_400_000) break;
    previous = run.getTime();
    out.push(run.toISOString());
  }
  return out;
}

const expressions = [...fixed, ...shapes.flatMap((shape) => Array.from({ length: expressionsPerShape }, shape))];
const cases = [];
for (const expression of expressions) {
  const starts = Array.from({ length: startsPerExpression }, () => firstStart + random(lastStart - firstStart));
  for (const start of [...starts, pick(edges)]) {
    cases.push({ expression, start: new Date(start).toISOString(), runs: runsOf(expression, start) });
  }
}
console.log(JSON.stringify(cases));
