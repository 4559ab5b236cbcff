// Every page there is. Tests and screenshots go through this list and no other.
import type { Fleet } from "./harness/fleet.ts";

export interface PageUnderTest {
  /** Its name in files and titles of tests. */
  name: string;
  /** Its heading, in English and in Chinese. */
  heading: Record<Language, RegExp>;
  /** Its path below the console's address. */
  path(fleet: Fleet): Promise<string>;
}

export type Language = "en" | "zh";
export const LANGUAGES: Language[] = ["en", "zh"];
export type Theme = "dark" | "light";
export const THEMES: Theme[] = ["dark", "light"];

const at = (path: string) => async () => path;

export const PAGES: PageUnderTest[] = [
  { name: "overview", heading: { en: /^Fleet$/, zh: /^全局概览$/ }, path: at("/") },
  { name: "services", heading: { en: /^Services$/, zh: /^服务$/ }, path: at("/services") },
  // Its heading is the service's name, in any language.
  { name: "service", heading: { en: /^[a-z]/, zh: /^[a-z]/ }, path: (fleet) => fleet.busiestService() },
  { name: "ledger", heading: { en: /^Ledger$/, zh: /^心跳记录$/ }, path: at("/ledger") },
  { name: "registries", heading: { en: /^Registries$/, zh: /^注册中心$/ }, path: at("/registries") },
];
