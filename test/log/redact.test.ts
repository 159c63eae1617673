import { describe, expect, test } from "vitest";
import { redact } from "../../src/log/redact.ts";

/** A string of the alphabet of keys, put together here so that no scanner takes this file for a leak. */
function random(length: number, alphabet = "aZ3kQ9xT7bLm2RwV"): string {
  return Array.from({ length }, (_, index) => alphabet[(index * 7 + 3) % alphabet.length]).join("");
}
const upper = (length: number) => random(length, "QZ3KT7BLM2RWVXAP");
const hex = (length: number) => random(length, "0f3a9c7be81d2564");

const SECRETS: readonly (readonly [string, string, string])[] = [
  ["OpenAI key", `sk-${random(48)}`, "API_KEY"],
  ["OpenAI project key", `sk-proj-${random(60)}_${random(20)}`, "API_KEY"],
  ["Anthropic key", `sk-ant-api03-${random(80)}-${random(8)}`, "API_KEY"],
  ["LiteLLM virtual key", `sk-${random(11)}_${random(10)}`, "API_KEY"],
  ["OpenRouter key", `sk-or-v1-${hex(64)}`, "API_KEY"],
  ["GitHub token", `ghp_${random(36)}`, "API_KEY"],
  ["GitHub app token", `ghs_${random(36)}`, "API_KEY"],
  ["GitHub fine-grained token", `github_pat_${random(22)}_${random(59)}`, "API_KEY"],
  ["GitLab token", `glpat-${random(20)}`, "API_KEY"],
  ["Slack bot token", `xoxb-${random(12, "0123456789")}-${random(24)}`, "API_KEY"],
  ["AWS access key id", `AKIA${upper(16)}`, "API_KEY"],
  ["Google API key", `AIza${random(35)}`, "API_KEY"],
  ["Google OAuth token", `ya29.${random(60)}`, "API_KEY"],
  ["Hugging Face token", `hf_${random(34)}`, "API_KEY"],
  ["npm token", `npm_${random(36)}`, "API_KEY"],
  ["Stripe key", `sk_live_${random(24)}`, "API_KEY"],
  ["SendGrid key", `SG.${random(22)}.${random(43)}`, "API_KEY"],
  ["Groq key", `gsk_${random(52)}`, "API_KEY"],
  ["Slack webhook", `https://hooks.slack.com/services/T${upper(8)}/B${upper(8)}/${random(24)}`, "WEBHOOK"],
  ["JWT", `eyJ${random(30)}.eyJ${random(60)}.${random(43)}`, "JWT"],
  ["JWT cut after its payload", `eyJ${random(30)}.eyJ${random(60)}`, "JWT"],
  ["bearer token", `Authorization: Bearer ${random(40)}`, "TOKEN"],
  ["basic authentication", "Authorization: Basic dXNlcjpwYXNzd29yZDEyMw==", "TOKEN"],
  ["password in a URL", "postgres://app:s3cr3t!pw@db.internal:5432/app", "PASSWORD"],
  ["password assignment", "DB_PASSWORD=hunter2000", "SECRET"],
  ["password in quotes", 'password: "correct horse battery"'.replace(/ (?=h|b)/g, "-"), "SECRET"],
  ["password in prose", "my password: swordfish", "SECRET"],
  ["key in JSON", `{"api_key": "${random(32)}"}`, "SECRET"],
  ["key in camel case", `clientSecret = '${random(20)}'`, "SECRET"],
  ["token in a query", `https://x.test/cb?access_token=${random(20)}&state=1`, "SECRET"],
  ["key named with a space", `API key: ${random(20)}`, "SECRET"],
  ["AWS secret key in words", `aws secret access key: ${random(40)}`, "SECRET"],
  ["password in a short name", "DB_PASS=hunter2000", "SECRET"],
  ["password in a form", "user=admin&pass=hunter2000&x=1", "SECRET"],
  ["German password", "Passwort: geheim2000", "SECRET"],
  ["password in a sentence", "my password is hunter2000", "SECRET"],
  ["key in a sentence", `the api key is ${random(24)}`, "SECRET"],
  ["password as an option", "mysql --password hunter2000", "SECRET"],
  ["user and password of curl", "curl -u admin:hunter2 https://x.test", "PASSWORD"],
  ["basic authentication without a digit", "Authorization: Basic dXNlcjpwYXNz", "TOKEN"],
  ["authorization of another scheme", `"Authorization": "Token ${hex(20)}"`, "TOKEN"],
  ["cookie", `Cookie: session=${hex(16)}; theme=dark\n`, "COOKIE"],
  ["cookie that is set", `Set-Cookie: sid=${hex(16)}; HttpOnly\n`, "COOKIE"],
  ["American social security number", "SSN 123-45-6789", "SSN"],
  ["AWS secret key", `aws_secret_access_key = ${random(40)}`, "SECRET"],
  ["e-mail address", "write to jane.doe+news@mail.example.co.uk, please", "EMAIL"],
  ["IBAN in groups", "IBAN DE89 3704 0044 0532 0130 00 PLEASE", "IBAN"],
  ["IBAN without spaces", "GB82WEST12345698765432", "IBAN"],
  ["Visa card", "card 4111 1111 1111 1111, exp 12/30", "CARD"],
  ["Mastercard", "5500-0055-5555-5559", "CARD"],
  ["American Express card", "378282246310005", "CARD"],
  ["IPv4 address", "from 203.0.113.77 at noon", "IP"],
  ["IPv4 address with a port", "http://10.1.2.3:8080/x", "IP"],
  ["IPv6 address", "ping 2001:db8:85a3::8a2e:370:7334", "IP"],
  ["international phone", "call +49 (0)30 901820-0 today", "PHONE"],
  ["international phone without spaces", "+14155552671", "PHONE"],
  ["American phone", "(415) 555-2671", "PHONE"],
  ["American phone with dashes", "415-555-2671", "PHONE"],
  ["French phone", "tel 01 23 45 67 89", "PHONE"],
  ["German phone", "Telefon 030 90182012", "PHONE"],
];

const HARMLESS: readonly (readonly [string, string])[] = [
  ["a UUID", "550e8400-e29b-41d4-a716-446655440000"],
  ["a commit hash", "3f786850e387550fdab836ed7e6dc881de23001b"],
  ["a SHA-256 digest", hex(64)],
  ["an ISO time", "2024-01-15T10:11:12.123Z"],
  ["a date", "01/02/2024 at 10:30, or 01-02-2024 10-11"],
  ["a time in milliseconds", "1700000000000"],
  ["a version", "v1.2.3-beta.4, 18.4.0 and node 24.21.0"],
  ["a version of four parts", "Chrome/120.0.6099.71 and v10.2.3.4"],
  ["a semantic version with a build", "1.0.0+20130313144700"],
  ["the loopback address", "127.0.0.1:4000, ::1 and 0.0.0.0"],
  ["a number like a card that fails its checksum", "4111 1111 1111 1112"],
  ["a number with the right checksum that no card has", "1234567812345670"],
  ["text like an IBAN that fails its checksum", "DE89 3704 0044 0532 0130 01"],
  ["a name that begins like a key", "use sk-learn-compatible-estimators"],
  ["a short placeholder of a key", "OPENAI key is sk-..."],
  ["a class with a scope", "std::vector<int> a::b"],
  ["a MAC address", "00:1b:44:11:3a:b7"],
  ["a time of day", "12:34:56"],
  ["a type annotation", "def login(password: str, token: Optional[str] = None)"],
  ["a call", "password = get_password(user)"],
  ["a variable of the environment", 'api_key = os.environ["OPENAI_API_KEY"]'],
  ["an expression in a template", "token: $" + "{{ secrets.GITHUB_TOKEN }}"],
  ["a parameter by its own name", "connect(token=token, api_key=api_key)"],
  [
    "a sentence about an API key",
    "The API key is required, the token is 32 characters and the password is wrong",
  ],
  ["a header in prose", "Authorization: Bearer tokens are explained in Authorization: overview"],
  ["options in prose", "use --password option and --token <value> or --api-key $KEY"],
  ["the user of a container", "docker run -u 1000:1000 image, sort -u file"],
  ["a cookie in prose", "Cookie: what it is and how it crumbles"],
  ["tests that pass", "tests pass: 1234 of 1234"],
  ["a sentence about tokens", "max_tokens: 500, total tokens = 1234"],
  ["a sentence on passwords", "The password is required: reset it."],
  ["a decorator and a package", "@property, npm i @types/node@24.0.0"],
  ["an image for sharp screens", "icon@2x.png"],
  ["a clone URL", "git clone git@github.com:owner/repo.git"],
  ["a ratio and a range", "16:9, 0-100, 10-20-30"],
  ["a decimal", "0.12345678901 and 3.14159265358979"],
  ["a base64 word", "iVBORw0KGgoAAAANSUhEUgAA"],
  ["Bearer of news", "Bearer of good news"],
  ["a URL with a port", "http://localhost:3000/a@b"],
];

describe("redact()", () => {
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
];

describe("redact() on 1 MB of the same, again and again", () => {
  test.each(HOSTILE)("is linear on %j", (unit) => {
    const text = unit.repeat(Math.ceil(MEGABYTE / unit.length));
    const time = (input: string) => {
      const start = performance.now();
      redact(input);
      return performance.now() - start;
    };
    redact(text.slice(0, 10_000));
    const whole = time(text);
    // Far above what is measured (about 20 ms), far below what a square would take (minutes).
    expect(whole).toBeLessThan(1_500);
  });
});
