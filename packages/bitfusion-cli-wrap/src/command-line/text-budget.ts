/**
 * How many characters of shell text are parsed, in all the texts that share a budget. The parser is not linear: 8 KiB
 * take up to 0.2 s of CPU, 16 KiB up to 0.7 s (docs/adr/0020).
 */
export const maxParsedText: number = 8 * 1024;

/** Words of a command line that are looked at; no command that a person writes has as many. */
export const maxWords = 10_000;

/** What may still be parsed of the texts of one pod. */
export class TextBudget {
  #left = maxParsedText;

  /** Takes so many characters out of the budget, unless fewer are left. */
  take(characters: number): boolean {
    if (characters > this.#left) return false;
    this.#left -= characters;
    return true;
  }
}
