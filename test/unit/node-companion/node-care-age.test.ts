import { Decrypter, Encrypter, generateIdentity, identityToRecipient } from 'age-encryption';
import { describe, expect, test } from 'vitest';
import { decryptWithAge, encryptWithAge } from '../../../src/node/companion/node-care-age.ts';
import { passphraseRecipient } from '../../../src/node/companion/node-care-passphrase.ts';

const PASSPHRASE = 'six words made for one test';
const content = Buffer.from('what a wallet file holds');

describe('files that the age tool opens', () => {
  test('what is encrypted under a passphrase opens with the package\'s own reader, and the other way round', async () => {
    const ours = await encryptWithAge(content, { kind: 'passphrase', passphrase: PASSPHRASE });
    const reader = new Decrypter();
    reader.addPassphrase(PASSPHRASE);
    expect(Buffer.from(await reader.decrypt(ours)).toString()).toBe(content.toString());
    const writer = new Encrypter();
    writer.setScryptWorkFactor(10);
    writer.setPassphrase(PASSPHRASE);
    expect(Buffer.from(await decryptWithAge(await writer.encrypt(Uint8Array.from(content)), { kind: 'passphrase', passphrase: PASSPHRASE })).toString()).toBe(content.toString());
  });
  test('for several keys, each opens it; an identity file may have comments', async () => {
    const identities = await Promise.all([generateIdentity(), generateIdentity()]);
    const file = await encryptWithAge(content, { kind: 'recipients', recipients: await Promise.all(identities.map(identityToRecipient)) });
    for (const identity of identities) expect(Buffer.from(await decryptWithAge(file, { kind: 'identity', identity: `# created: today\n${identity}\n` })).toString()).toBe(content.toString());
  });
  test('wrong keys, damage, and work beyond the bounds have one name', async () => {
    const file = await encryptWithAge(content, { kind: 'recipients', recipients: [await identityToRecipient(await generateIdentity())] });
    const refused = expect.objectContaining({ code: 'backup.not-opened' });
    await expect(decryptWithAge(file, { kind: 'identity', identity: await generateIdentity() })).rejects.toEqual(refused);
    await expect(decryptWithAge(file, { kind: 'identity', identity: 'no identity' })).rejects.toEqual(refused);
    await expect(decryptWithAge(file, { kind: 'passphrase', passphrase: PASSPHRASE })).rejects.toEqual(refused);
    await expect(decryptWithAge(content, { kind: 'passphrase', passphrase: PASSPHRASE })).rejects.toEqual(refused);
    const writer = new Encrypter();
    writer.addRecipient(passphraseRecipient(PASSPHRASE, 4));
    const heavy = Buffer.from(Buffer.from(await writer.encrypt(Uint8Array.from(content))).toString('latin1').replace(/(-> scrypt \S+) 4\n/, '$1 30\n'), 'latin1');
    await expect(decryptWithAge(heavy, { kind: 'passphrase', passphrase: PASSPHRASE })).rejects.toEqual(refused);
  });
  test('recipients of other kinds, and weak passphrases, are refused by name', async () => {
    for (const recipient of ['', 'age1', 'age1pq1xyz', 'ssh-ed25519 AAAA', `age1${'q'.repeat(58)}`]) await expect(encryptWithAge(content, { kind: 'recipients', recipients: [recipient] })).rejects.toMatchObject({ code: 'backup.recipient' });
    await expect(encryptWithAge(content, { kind: 'passphrase', passphrase: 'elevenchars' })).rejects.toMatchObject({ code: 'backup.passphrase-weak' });
  });
});
