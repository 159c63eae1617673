import type { Random } from "../../src/learn/random.ts";

type Tier = "SIMPLE" | "MEDIUM" | "COMPLEX";

/** A prompt and the tier that it is written for. */
export interface WrittenPrompt {
  readonly prompt: string;
  readonly tier: Tier;
}

/** Where these prompts are from. */
export const FIGURES_SOURCE = {
  name: "Signalbox: everyday requests with figures, written by hand",
  licence: "Apache-2.0",
  url: "scripts/train/everyday-figures.ts",
};

/** How many prompts are made of each form. */
const PROMPTS_PER_FORM = 1;

/**
 * What people type with a figure in it, and what looks like it and is hard. Benchmarks hold figures in long problems only, so
 * that "2 + 2" was taken for one of them. `a` and `b` are drawn from 2 to 99, `n` from 100 to 999, `y` from the years 1900
 * to 2030, `p` from 5 to 95 by fives.
 */
const FORMS: Readonly<Record<Tier, readonly string[]>> = {
  SIMPLE: [
    "{n}",
    "{a}.{b}",
    "{p}%",
    "{y}",
    "{a}/{b}/{y}",
    "{y}-0{d}-{a}",
    "+{d} {n} {n} {y}",
    "{a}, {b}, {n}",
    "{a} + {b}",
    "{a}+{b}",
    "{a}+{b}=",
    "{a} - {b} = ?",
    "{a}*{b}",
    "{a} x {b}",
    "{n}/{d}",
    "({a} + {b}) * {d}",
    "What is {a} + {b}?",
    "what is {a}+{b}",
    "What's {a} plus {b}?",
    "What is {a} times {b}?",
    "What is {n} / {d}?",
    "What is {n} divided by {d}?",
    "What is {a}+{b}? Answer with one number.",
    "What is {p}% of {n}?",
    "{p} percent of {n}",
    "How much is a {p}% tip on \u0024{a}?",
    "How much is \u0024{n} minus {p}%?",
    "Add {a} and {b}",
    "Sum {a} {b} {d} {n}",
    "square root of {n}",
    "Is {a} a prime number?",
    "Round {a}.{n} to one decimal place",
    "Convert {a} miles to km",
    "{a} kg in pounds",
    "convert {n}F to C",
    "{n} USD in EUR",
    "How many minutes are in {d} hours?",
    "How many days are in {y}?",
    "What day of the week was {y}-0{d}-{a}?",
    "How old is someone born in {y}?",
    "What happened in {y}?",
    "Who won the World Cup in {y}?",
    "What does error {n} mean?",
    "What is port {n} used for?",
    "Count to {a}",
    "Was ist {a} + {b}?",
    "Wie viel sind {p} Prozent von {n}?",
    "Wie viel ist {a} mal {b}?",
    "Combien font {a} + {b} ?",
    "Combien fait {p} % de {n} ?",
    "¿Cuánto es {a} + {b}?",
    "¿Cuánto es el {p}% de {n}?",
    "Quanto é {a} + {b}?",
    "Quanto fa {a} per {b}?",
    "Hoeveel is {a} + {b}?",
    "Ile to jest {a} + {b}?",
    "{a} artı {b} kaç eder?",
    "Сколько будет {a} + {b}?",
    "Сколько будет {p}% от {n}?",
    "{a}加{b}等于多少？",
    "{n}的{p}%是多少？",
    "{a}足す{b}は？",
    "{a} 더하기 {b}는?",
    "كم يساوي {a} + {b}؟",
    "{a} + {b} कितना होता है?",
  ],
  MEDIUM: [
    "Solve x^2 - {a}x + {b} = 0",
    "Solve {a}x + {d}y = {n} and {d}x - {a}y = {b} for x and y",
    "What is the derivative of x^{a} * sin({b}x)?",
    "What is {n}{n} * {n}{n}?",
    "A train leaves at {d} at {n} km/h, another one {a} minutes later at {n} km/h. When do they meet?",
    "How many ways are there to choose {d} out of {a} people?",
  ],
  COMPLEX: [
    "Prove that {a}^n - 1 is divisible by {d} for infinitely many n",
    "Find all primes p for which p^{d} + {a} is prime, with proof",
    "Evaluate the integral of x^{a} * exp(-{d}x) * cos({b}x) from 0 to infinity",
    "How many integers below {n}{n} are divisible by none of {a}, {b} and {d}? Show the derivation.",
    "Design an algorithm that finds the {a} closest pairs among {n}{n} points and analyse its running time",
  ],
};

/** Draws the prompts: the same ones for the same series. */
export function everydayFigures(random: Random): WrittenPrompt[] {
  return (["SIMPLE", "MEDIUM", "COMPLEX"] as const).flatMap((tier) =>
    FORMS[tier].flatMap((form) =>
      Array.from({ length: PROMPTS_PER_FORM }, () => ({ prompt: filled(form, random), tier })),
    ),
  );
}

function filled(form: string, random: Random): string {
  const from = (least: number, most: number) => least + Math.floor(random() * (most - least + 1));
  return form.replaceAll(/\{([abdnpy])\}/g, (_, name) => {
    switch (name) {
      case "d":
        return String(from(2, 9));
      case "n":
        return String(from(100, 999));
      case "p":
        return String(5 * from(1, 19));
      case "y":
        return String(from(1_900, 2_030));
      default:
        return String(from(2, 99));
    }
  });
}
