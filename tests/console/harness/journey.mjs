// A browser test with its own windows. At the end it checks the failures that they recorded.
import test, { after } from 'node:test';
import { sharedBrowser } from './browser.mjs';
import { Person } from './person.mjs';
import { Account, closeReceiver, consoleUrl, sharedReceiver } from './world.mjs';

let used = null;

after(async () => {
  await closeReceiver();
  if (used) await (await used).release();
});

/**
 * A journey: `run` gets `arrive` (opens a window and returns a `Person`), `account` (creates an account), and `receiver`. It fails if a
 * window recorded an error, a policy violation, or a foreign or failed request that the journey did not announce.
 */
export function journey(name, run, { seconds = 60 } = {}) {
  test(name, { timeout: seconds * 1000 * Math.max(1, Number(process.env.CONSOLE_DEADLINE ?? 10) / 10) }, async () => {
    used ??= sharedBrowser();
    const { browser } = await used;
    const people = [];
    const arrive = async (options) => {
      const person = await Person.arrive(browser, consoleUrl(), options);
      people.push(person);
      return person;
    };
    try {
      await run({ arrive, account: Account.make, receiver: await sharedReceiver() });
      for (const person of people) await person.leaves();
    } catch (error) {
      for (const [index, person] of people.entries()) error.message += `\n  picture: ${await person.keepsEvidence(`${name}-${index + 1}`)}`;
      throw error;
    } finally {
      for (const person of people) await person.close();
    }
  });
}
