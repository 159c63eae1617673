import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, test } from "vitest";
import { redact } from "../../src/log/redact.ts";
import { cpuMs } from "../support/cpu-time.ts";
import { HARMLESS, random, SECRETS, upper } from "./redact-tables.ts";

/** What is alive once garbage is collected, in bytes. */
function bytesAlive(): number {
  setFlagsFromString("--expose-gc");
  // What another thread is about to let go of is waited for by the second.
  runInNewContext("gc(); gc()");
  return process.memoryUsage().heapUsed;
}

describe("redact()", () => {
  test("keeps no long text alive for the short one that was cut out of it", () => {
    const before = bytesAlive();
    for (let at = 0; at < 500; at += 1) {
      const long: string = JSON.parse(`"the ${at}th of the texts, ${"x y ".repeat(20_000)}"`);
      redact(long.slice(0, 20));
    }
    // Each of them has 80 KB.
    expect(bytesAlive() - before).toBeLessThan(8_000_000);
  });

  test.each(SECRETS)("masks %s", (_name, text, mask) => {
    const { text: masked, redactions } = redact(`before ${text} after`);
    expect(masked).toContain(`[${mask}]`);
    expect(redactions).toBe(1);
    expect(masked.startsWith("before ")).toBe(true);
    expect(masked.endsWith(" after")).toBe(true);
  });

  test.each(HARMLESS)("leaves %s as it is", (_name, text) => {
    const wrapped = `before ${text} after`;
    expect(redact(wrapped)).toEqual({ text: wrapped, redactions: 0 });
  });

  test("says the same of a short text each time, with a thousand others between", () => {
    const texts = ["auto", "team a@b.example", "score 47.3 is in medium (31-65)", "call 203.0.113.9"];
    const first = texts.map(redact);
    for (let at = 0; at < 3_000; at += 1) redact(`score ${at} is in medium`);
    expect(texts.map(redact)).toEqual(first);
    expect(texts.map(redact)).toEqual(first);
    expect(first.map(({ redactions }) => redactions)).toEqual([0, 1, 0, 1]);
  });

  test("masks the whole value of a secret and nothing beside it", () => {
    const text = `url=postgres://app:pa55@db/x key=AKIA${upper(16)}; mail a@b.example, ip 203.0.113.9.`;
    expect(redact(text)).toEqual({
      text: "url=postgres://app:[PASSWORD]@db/x key=[API_KEY]; mail [EMAIL], ip [IP].",
      redactions: 4,
    });
  });

  test("masks a private key, with its end and without", () => {
    const body = `-----BEGIN RSA PRIVATE KEY-----\n${random(64)}\n${random(64)}\n`;
    expect(redact(`a\n${body}-----END RSA PRIVATE KEY-----\nb`).text).toBe("a\n[PRIVATE_KEY]\nb");
    expect(redact(`a\n${body}`).text).toBe("a\n[PRIVATE_KEY]");
  });

  test("masks both ends of a range with a long dash, and account numbers one behind the other", () => {
    expect(redact("from 10.1.2.3\u201310.1.2.99").text).toBe("from [IP]\u2013[IP]");
    const [one, other] = ["DE89370400440532013000", "gb29nwbk60161331926819"];
    expect(redact(`${one} ${other} ${one}`).text).toBe("[IBAN] [IBAN] [IBAN]");
    expect(redact(`${other} and ${other}`).text).toBe("[IBAN] and [IBAN]");
  });

  test("masks each of many secrets", () => {
    const { text, redactions } = redact("joe@example.com ".repeat(1_000));
    expect(redactions).toBe(1_000);
    expect(text).not.toContain("joe");
  });
});

const MEGABYTE = 2 ** 20;
const HOSTILE = [
  ...["a", " ", "0", "-", ".", ":", "@", "/", "=", "[", "\n", "é", "\ud800"],
  ...[
    "a ",
    "0 ",
    "0-",
    "0.",
    "1.1.",
    "1:",
    "a:",
    "::1 ",
    "a@",
    "a.",
    "@a.",
    "a@a.",
    "sk-",
    "eyJ",
    "eyJa.",
    "eyJaaaaaaaa.",
  ],
  ...[
    "://",
    "://a:",
    "://:a",
    "x://a:b",
    "password=",
    "password",
    "token:",
    "Bearer ",
    "Bearer aaaaaaaaaaaa ",
  ],
  ...[
    "-----BEGIN PRIVATE KEY-----",
    "AA00 ",
    "AA00AA00",
    "DE89 3704 ",
    "4111 ",
    "4",
    "+1",
    "+1 ",
    "(0",
    "01 ",
    "(415) ",
    "415-",
  ],
  ...[
    "ghp_",
    "xoxb-",
    "AKIA",
    "SG.",
    "SG.aaaaaaaaaaaaaaaa.",
    "hooks.slack.com/services/",
    "aA1_-",
    'password: "',
    "secret_key='",
    "authorization: basic ",
    "authorization: a ",
    "authorization: aa aaaaaaaaaaaaaaaaaaaaaaaa ",
    "<password>",
    "<password>aaa",
    'token="a',
    "OPENAI_KEY=",
    "dapi0",
    "MIIE\\n",
    "cookie: ",
    "--password ",
    "-u a:",
    "token is ",
    "123-45-",
  ],
  ...[
    `password=${"a".repeat(2_000)}(`,
    `Bearer ${"a".repeat(300)} `,
    `eyJ${"a".repeat(5_000)} `,
    `${"a".repeat(64)}@ `,
  ],
  ...[
    "é@",
    "é@é.",
    "@é.é",
    "密码",
    "密码是",
    "password for ",
    "password for a a a a a ",
    "password is ",
    "password is now set to ",
    "password ",
    "password 1",
    "pw: 'a\\'",
    "token=`",
    "mysql ",
    "mysql -",
    "mysql -p ",
    "sshpass a ",
    "ldapsearch -",
    "--token ",
    "PIN ",
  ],
  ...[
    "aws ",
    `${"aA1".repeat(13)}a `,
    `aws ${"aA1".repeat(13)}a `,
    `${"a".repeat(64)}\n`,
    `-----END PRIVATE KEY-----${"a".repeat(64)}\n`,
    "password: |\n  a\n",
    "password: |\n  a\n\n\n",
    "token: |\\n  a\\n\\n",
    "A_TOKEN=a,",
    "define('A_KEY', 'a\\'",
    "token: a|a|a =' ",
    "token: a ='a",
    "-b 'a=",
    "a%40a.",
    "SSN: 12345678",
    "phone ",
    "phone: 1",
    "phone: 1234567a",
    "tel (",
    "1-",
    "01.",
    "138 1234 ",
    "SK0",
    "1//0",
    "12345678:AA",
    `M${"a".repeat(24)}.`,
    "hvs.",
    "::",
    "1:2:3:4:",
    "https://a",
    "://a@",
  ],
];

describe("redact() on 1 MB of the same, again and again", () => {
  test.each(HOSTILE)("is linear on %j", (unit) => {
    const text = unit.repeat(Math.ceil(MEGABYTE / unit.length));
    redact(text.slice(0, 10_000));
    // Far above what is measured (about 20 ms), far below what a square would take (minutes).
    expect(cpuMs(() => redact(text))).toBeLessThan(1_500);
  });
});
