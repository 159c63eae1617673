/**
 * A text that holds one of nearly all that is masked, none of it real. The engine compiles a pattern when it is
 * first tried, which takes milliseconds: a text like this one has that done before the first request.
 */
export const ONE_OF_EVERYTHING = `password: "a b 1", the password for x is swordfish. token=abc123 --token abc123
pw hunter22, PIN: 1234, cookie: a=b; c=d, authorization: token abc123, Bearer abcdef0123456789, aws
sk-abcdefgh12345678 -----BEGIN PRIVATE KEY----- a -----END PRIVATE KEY----- eyJabcdefgh.abcdefgh
<token>abc123</token> dapi0123456789abcdef0123456789abcdef
gsk_ sq0abc- SG. AKIA 1//0 /services/ -u a:b1c2 mysql -pabc https://a:b@example.com joe@example.com
DE89 3704 0044 0532 0130 00, nr12, 4111 1111 1111 1111, 2001:db8::1, 203.0.113.77, 123-45-6789,
+49 30 901820, (415) 555-2671, 030 90182012, phone: 4155552671, Private-Lines: 1
name: DB_PASSWORD
value: hunter22
secret: |
  hunter22
{"token: >\\n  hunter22"} curl -b 'sid=0a1b2c3d' DB_PASSWORD=a,b,c1 define('DB_PASSWORD', 'abc1') password: str = "abc1"
x?mail=joe%40example.com ssn: 536904399`;
